/** The limits in a server's HELLO; see docs/protocol.md, "Limits and time-outs". */
export interface Limits {
  /** Requests outstanding on one connection. */
  readonly outstanding: number;
  /** Payload bytes of a frame from the client. */
  readonly request: number;
  /** Payload bytes of a JSON frame from the server. */
  readonly reply: number;
  /** Payload bytes of a DATA frame. */
  readonly data: number;
  /** Payload bytes of a PACK; undefined if the server does not support FETCH. */
  readonly pack?: number | undefined;
  /** Milliseconds after which a connection without outstanding requests is closed. */
  readonly idle: number;
}

export const DEFAULT_LIMITS = {
  outstanding: 256,
  request: 65_536,
  reply: 1_048_576,
  data: 1_048_576,
  pack: 1_048_576,
  idle: 120_000,
} satisfies Limits;

/** Smallest and largest value of each limit that a client accepts. */
export const LIMIT_RANGES: Readonly<Record<keyof Limits, readonly [number, number]>> = {
  outstanding: [16, 4096],
  request: [16_384, 1_048_576],
  reply: [65_536, 1_048_576],
  data: [1, 1_048_576],
  pack: [524_288, 1_048_576],
  idle: [1000, 86_400_000],
};

export const DEFAULT_BLOCK_SIZE = 1_048_576;
export const BLOCK_SIZE_RANGE = [65_536, 67_108_864] as const;

/** `announced` with each limit clamped to its range, so that no server can make a client allocate or wait without bound. */
export function clampLimits(announced: Limits): Limits {
  const clamp = (key: keyof Limits, value = announced[key]!) => {
    const [low, high] = LIMIT_RANGES[key];
    return Math.min(high, Math.max(low, value));
  };
  return {
    outstanding: clamp('outstanding'),
    request: clamp('request'),
    reply: clamp('reply'),
    data: clamp('data'),
    pack: announced.pack === undefined ? undefined : clamp('pack'),
    idle: clamp('idle'),
  };
}
