import { setMaxListeners } from 'node:events';
import { formatAddress } from '../../connection';
import { UsageError, type ResoError } from '../../errors';
import { DEFAULT_PORT } from '../../protocol';

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

/** Bytes per second below which connections would look dead. */
const LEAST_RATE = 1024;

const MAX_TOKEN = 4096;

/** ConnectOptions with every default in place and every value checked. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly connections: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly retries: number;
  /** Undefined: no limit. */
  readonly bytesPerSecond: number | undefined;
  readonly tls: TlsOptions | undefined;
  readonly token: string | undefined;
  readonly insecure: boolean;
  /** Given when the caller's is. */
  readonly signal: AbortSignal | undefined;
  readonly onRetry: (retry: Retry) => void;
}

/** Throws USAGE. */
export function settingsOf(options: ConnectOptions): Settings {
  const host = options.host ?? '127.0.0.1';
  if (host === '') throw new UsageError('The host must not be empty.');
  const port = whole('port', options.port ?? DEFAULT_PORT, 1, 65_535);
  return {
    host,
    port,
    address: formatAddress(host, port),
    connections: whole('connections', options.connections ?? 4, 1, 64),
    timeout: 1000 * between('timeout', options.timeout ?? 30, 1, 86_400),
    retries: whole('retries', options.retries ?? 5, 0, 1000),
    bytesPerSecond:
      options.bytesPerSecond === undefined
        ? undefined
        : between('bytesPerSecond', options.bytesPerSecond, LEAST_RATE, Number.MAX_SAFE_INTEGER),
    tls: options.tls,
    token: tokenOf(options.token),
    insecure: options.insecure ?? false,
    signal: options.signal && followerOf(options.signal),
    onRetry: options.onRetry ?? (() => undefined),
  };
}

/** By those of callers. One each: Node 20 remembers of a signal all that ever followed it. */
const followers = new WeakMap<AbortSignal, AbortSignal>();

/**
 * Given when `signal` is. Each image that is begun may wait on it, and each client: from the eleventh listener on Node
 * warns of a leak, which the caller's own signal is spared.
 */
function followerOf(signal: AbortSignal): AbortSignal {
  const follower = followers.get(signal) ?? AbortSignal.any([signal]);
  followers.set(signal, follower);
  setMaxListeners(0, follower);
  return follower;
}

/** What the protocol takes: docs/protocol.md, HELLO. */
function tokenOf(token: string | undefined): string | undefined {
  if (token === undefined || (token !== '' && [...token].length <= MAX_TOKEN)) return token;
  throw new UsageError(`A token has 1 to ${MAX_TOKEN} characters.`);
}

function whole(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value)) throw new UsageError(`${name} must be a whole number, not ${value}.`);
  return between(name, value, low, high);
}

function between(name: string, value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new UsageError(`${name} must be from ${low} to ${high}, not ${value}.`);
}
