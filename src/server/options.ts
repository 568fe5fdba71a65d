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
  /** From a connection's begin until its HELLO is complete. */
  readonly hello: number;
  /** From a frame's first byte to its last. */
  readonly frame: number;
  /** For which a client may take no byte of what is ready for it. */
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

/** Connections at once; one more is answered with BUSY. */
export const DEFAULT_MAX_CONNECTIONS = 16_384;

export interface ServerOptions {
  readonly catalog: Catalog;
  /** Address to listen on; default 0.0.0.0. */
  readonly host?: string | undefined;
  /** TCP port; 0 takes any that is free. */
  readonly port: number;
  /** `reply` is fixed: it has to hold the longest PROOF. */
  readonly limits?: Partial<Omit<Limits, 'reply'>> | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  readonly maxConnections?: number | undefined;
  /** Program and version, for the client's log. */
  readonly agent?: string | undefined;
  readonly log?: Log | undefined;
}

/** The limits with what `wanted` says; throws USAGE where a client would not go by it. */
export function limitsOf(wanted: ServerOptions['limits']): Limits {
  const limits = { ...DEFAULT_LIMITS, ...wanted, reply: DEFAULT_LIMITS.reply };
  for (const key of Object.keys(LIMIT_RANGES) as (keyof Limits)[]) {
    const [low, high] = LIMIT_RANGES[key];
    const value = limits[key];
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new UsageError(`The limit "${key}" must be an integer from ${low} to ${high}.`);
    }
  }
  return limits;
}
