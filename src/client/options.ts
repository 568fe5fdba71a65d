/** How to reach a server, and how patient to be. */
export interface ConnectOptions {
  /** Host name or address; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port, 1 to 65,535; default 5005. */
  readonly port?: number | undefined;
  /** Connections for downloads, 1 to 64; default 4. They are opened as the work asks for them. */
  readonly connections?: number | undefined;
  /** Seconds without a byte after which a connection is given up, 1 to 86,400; default 30. */
  readonly timeout?: number | undefined;
  /** How often something that failed for want of a connection is tried again, 0 to 1,000; default 5. */
  readonly retries?: number | undefined;
  /** Bytes of images that may come in a second, all connections together, from 1,024 on; default: as many as come. */
  readonly bytesPerSecond?: number | undefined;
  /** Ends everything that is under way, with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each new try, for people to see. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

export interface Retry {
  readonly error: Error;
  /** How many tries without progress there have been. */
  readonly attempt: number;
  /** Milliseconds until the next. */
  readonly delay: number;
}
