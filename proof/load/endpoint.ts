/** Where a server is reached, and from where. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Addresses of this machine to connect from, in turn; empty: let the system choose. */
  readonly sources: readonly string[];
}
