import type { Gatekeeper, TlsMaterial } from '../access';
import type { Catalog } from '../catalog';
import { UsageError } from '../errors';
import {
  DEFAULT_LIMITS,
  FRAME_TIMEOUT,
  HELLO_TIMEOUT,
  LIMIT_RANGES,
  STALL_TIMEOUT,
  WORKING_INTERVAL,
  type Limits,
} from '../protocol';
import type { Log } from '../telemetry';

/** All in milliseconds. */
export interface Timeouts {
  /** From the start of a connection until its HELLO is complete. */
  readonly hello: number;
  /** From a frame's first byte to its last. */
  readonly frame: number;
  /** How long a client may read nothing although data is ready for it. */
  readonly stall: number;
  /** Between two WORKING messages. */
  readonly working: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  hello: HELLO_TIMEOUT,
  frame: FRAME_TIMEOUT,
  stall: STALL_TIMEOUT,
  working: WORKING_INTERVAL,
};

export const DEFAULT_CONNECTIONS = 16_384;

/** Limits that clients are not told about. */
export interface OwnLimits {
  /** Most simultaneous connections; further ones are answered with BUSY. */
  readonly connections?: number | undefined;
  /** From one address; 0, the default: no separate limit. */
  readonly connectionsPerAddress?: number | undefined;
  /** Descriptors that this process needs for something else. */
  readonly reservedDescriptors?: number | undefined;
  /** Images on a page of a list, 1 to 1,000. */
  readonly page?: number | undefined;
}

export interface ServerOptions {
  readonly catalog: Catalog;
  /** Who may connect; default: everybody. */
  readonly gatekeeper?: Gatekeeper | undefined;
  /** The current certificate and key. If given, the server accepts TLS only. */
  readonly tls?: (() => TlsMaterial) | undefined;
  /** Address to listen on; default 0.0.0.0. */
  readonly host?: string | undefined;
  /** TCP port; 0 picks a free one. */
  readonly port: number;
  /** `reply` is fixed, because it must fit the longest PROOF, and so is `pack`. */
  readonly limits?: (OwnLimits & Undefinable<Omit<Limits, 'reply' | 'pack'>>) | undefined;
  readonly timeouts?: Undefinable<Timeouts> | undefined;
  /** Program and version, for the client's log. */
  readonly agent?: string | undefined;
  readonly log?: Log | undefined;
}

type Undefinable<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

export function timeoutsOf(wanted: ServerOptions['timeouts'] = {}): Timeouts {
  const { hello, frame, stall, working } = DEFAULT_TIMEOUTS;
  return {
    hello: wanted.hello ?? hello,
    frame: wanted.frame ?? frame,
    stall: wanted.stall ?? stall,
    working: wanted.working ?? working,
  };
}

/** All limits of a server, including that of packs. */
export type ServedLimits = Required<{ [Key in keyof Limits]: NonNullable<Limits[Key]> }>;

/** The default limits, overridden by `wanted`. Throws USAGE for values that clients would not accept. */
export function limitsOf(wanted: ServerOptions['limits'] = {}): ServedLimits {
  const { outstanding, request, data, idle } = DEFAULT_LIMITS;
  const limits = {
    outstanding: wanted.outstanding ?? outstanding,
    request: wanted.request ?? request,
    reply: DEFAULT_LIMITS.reply,
    data: wanted.data ?? data,
    pack: DEFAULT_LIMITS.pack,
    idle: wanted.idle ?? idle,
  };
  for (const key of Object.keys(LIMIT_RANGES) as (keyof Limits)[]) {
    const [low, high] = LIMIT_RANGES[key];
    const value = limits[key];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new UsageError(`The limit "${key}" must be an integer from ${low} to ${high}.`);
    }
  }
  return limits;
}
