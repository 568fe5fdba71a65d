/** How to reach a server, and from where. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Addresses of this machine to connect from, in turn; empty: let the system choose. */
  readonly sources: readonly string[];
}
