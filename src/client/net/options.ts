import type { ResoError } from '../../errors';

/** How to reach a server, and how patient to be. */
export interface ConnectOptions {
  /** Host name or address; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port, 1 to 65,535; default 5005. */
  readonly port?: number | undefined;
  /** Speak TLS 1.3, and check that the server is `host`; default: plain TCP. */
  readonly tls?: TlsOptions | undefined;
  /** Secret that says who this is. Sent inside TLS, or to a loopback address, only. */
  readonly token?: string | undefined;
  /** Send the token over plain TCP to other machines as well: whoever is on the way can read it, and use it. */
  readonly insecure?: boolean | undefined;
  /** Connections for downloads, 1 to 64; default 4. They are opened as the work asks for them. */
  readonly connections?: number | undefined;
  /** Seconds without a byte after which a connection is given up, 1 to 86,400; default 30. */
  readonly timeout?: number | undefined;
  /** How often something that failed for want of a connection is tried again, 0 to 1,000; default 5. The restart of a server counts for none. */
  readonly retries?: number | undefined;
  /** Bytes of images that may come in a second, all connections together, from 1,024 on; default: as many as come. */
  readonly bytesPerSecond?: number | undefined;
  /** Ends everything that is under way, with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each new try, for people to see. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/** All in PEM. */
export interface TlsOptions {
  /** Authorities whose certificates are trusted; default those of the system, and those that Node comes with. */
  readonly ca?: string | undefined;
  /** The client's own certificate, and its key, where the server asks for one. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The one certificate that the server must have, whatever name is in it. */
  readonly pinned?: string | undefined;
}

export interface Retry {
  readonly error: ResoError;
  /** How many tries without progress there have been; 0: what an earlier run had left was of no use, or a server that shuts down is waited for. */
  readonly attempt: number;
  /** Milliseconds until the next. */
  readonly delay: number;
}
