import { setMaxListeners } from 'node:events';
import { formatAddress } from '../../connection';
import { UsageError, type ResoError } from '../../errors';
import { DEFAULT_PORT } from '../../protocol';

/** Where a server is. */
export interface ServerName {
  /** Host name or address. */
  readonly host: string;
  readonly port: number;
}

/** How to reach a server, and how long to wait. */
export interface ConnectOptions {
  /** Host name or address; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port, 1 to 65,535; default 5005. */
  readonly port?: number | undefined;
  /**
   * Instead of `host` and `port`: several servers that serve the same images. Connections are spread over all of them, and
   * those that are left take over from one that fails. The default of `port` is 5005.
   */
  readonly servers?: readonly { readonly host: string; readonly port?: number | undefined }[] | undefined;
  /** Use TLS 1.3 and verify that the server is `host`; default: plain TCP. */
  readonly tls?: TlsOptions | undefined;
  /** Secret that authenticates the client. Sent only over TLS or to a loopback address. */
  readonly token?: string | undefined;
  /** Also send the token over plain TCP to other machines: others on the network can then read and use it. */
  readonly insecure?: boolean | undefined;
  /** Connections for downloads, 1 to 64; default 4. They are opened as the work needs them. */
  readonly connections?: number | undefined;
  /** Seconds without a byte after which a connection is closed, 1 to 86,400; default 30. */
  readonly timeout?: number | undefined;
  /** How often to retry after connection failures, 0 to 1,000; default 5. A restart of the server does not count. */
  readonly retries?: number | undefined;
  /** Limit in bytes per second over all connections, at least 1,024; default: unlimited. */
  readonly bytesPerSecond?: number | undefined;
  /** Aborts everything in progress, with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each retry, to inform people. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
}

/** All in PEM. */
export interface TlsOptions {
  /** Trusted authorities; default: those of the system and those built into Node. */
  readonly ca?: string | undefined;
  /** The client's certificate and key, if the server requires one. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The one certificate that the server must have, whatever its name. */
  readonly pinned?: string | undefined;
}

export interface Retry {
  readonly error: ResoError;
  /** Attempts without progress so far; 0: an earlier run's partial was useless, or the server is restarting. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delay: number;
}

/** Bytes per second below which connections would look dead. */
const LEAST_RATE = 1024;

const MAX_TOKEN = 4096;

/** ConnectOptions with all defaults filled in and all values checked. */
export interface Settings {
  /** At least one; no two are the same. */
  readonly servers: readonly ServerName[];
  /** `host:port` of each of them. */
  readonly address: string;
  /** The same for the same servers, in whatever order they are given. */
  readonly identity: string;
  /** Which of equally good servers comes first. */
  readonly turn: number;
  readonly connections: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly retries: number;
  /** Undefined: no limit. */
  readonly bytesPerSecond: number | undefined;
  readonly tls: TlsOptions | undefined;
  readonly token: string | undefined;
  readonly insecure: boolean;
  /** Aborted when the caller's signal is. */
  readonly signal: AbortSignal | undefined;
  readonly onRetry: (retry: Retry) => void;
}

/** Throws USAGE. */
export function settingsOf(options: ConnectOptions): Settings {
  const servers = serversOf(options);
  const addresses = servers.map(({ host, port }) => formatAddress(host, port));
  return {
    servers,
    address: addresses.join(', '),
    identity: addresses.toSorted().join(' '),
    turn: Math.floor(Math.random() * MOST_SERVERS),
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

const MOST_SERVERS = 64;

function serversOf({ host, port, servers }: ConnectOptions): readonly ServerName[] {
  if (servers === undefined) return [serverOf({ host: host ?? '127.0.0.1', port })];
  if (host !== undefined || port !== undefined)
    throw new UsageError('Give either servers, or host and port.');
  if (servers.length === 0 || servers.length > MOST_SERVERS)
    throw new UsageError(`There must be 1 to ${MOST_SERVERS} servers, not ${servers.length}.`);
  const all = servers.map(serverOf);
  // Host names ignore case.
  const keys = all.map(({ host, port }) => formatAddress(host.toLowerCase(), port));
  const different = all.filter((_, i) => keys.indexOf(keys[i]!) === i);
  if (different.length === 1) return different;
  return different.map(({ host, port }) => ({ host: host.toLowerCase(), port }));
}

function serverOf({ host, port }: { readonly host: string; readonly port?: number | undefined }): ServerName {
  if (host === '') throw new UsageError('The host must not be empty.');
  return { host, port: whole('port', port ?? DEFAULT_PORT, 1, 65_535) };
}

/** By the callers' signals. One each, because Node 20 remembers every signal that ever followed another. */
const followers = new WeakMap<AbortSignal, AbortSignal>();

/** A follower does not keep what it follows: a signal of `AbortSignal.timeout` would be collected, and never fire. */
const leaders = new WeakMap<AbortSignal, AbortSignal>();

/**
 * Aborted when `signal` is. Every image in progress and every client may listen to it, and Node warns of a leak from the
 * eleventh listener on, so the caller's own signal gets just one.
 */
function followerOf(signal: AbortSignal): AbortSignal {
  const follower = followers.get(signal) ?? AbortSignal.any([signal]);
  followers.set(signal, follower);
  leaders.set(follower, signal);
  setMaxListeners(0, follower);
  return follower;
}

/** The protocol's limit: docs/protocol.md, HELLO. */
function tokenOf(token: string | undefined): string | undefined {
  if (token === undefined || (token !== '' && [...token].length <= MAX_TOKEN)) return token;
  throw new UsageError(`A token must have 1 to ${MAX_TOKEN} characters.`);
}

function whole(name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value)) throw new UsageError(`${name} must be a whole number, not ${value}.`);
  return between(name, value, low, high);
}

function between(name: string, value: number, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new UsageError(`${name} must be from ${low} to ${high}, not ${value}.`);
}
