/** The settings of a proof. */
export interface Setting {
  /** The short version: the same checks, with smaller numbers. */
  readonly quick: boolean;
  readonly seed: number;
  /** The built program. */
  readonly program: string;
  /** An empty folder, removed after the proof. */
  readonly folder: string;
  /** Duration of the soak test in milliseconds. */
  readonly soak: number;
}

/** One measurement and its limit. */
export interface Reading {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly ok: boolean;
}

/** A claim about reso, and how it is tested. */
export interface Bar {
  readonly name: string;
  readonly claim: string;
  /** Needs its own network, in which it can measure and set everything. */
  readonly ownNetwork?: boolean;
  /** Runs only where it is named: it takes long, or needs more than others. */
  readonly onRequest?: boolean;
  /** Throws if it could not be tested. */
  run(setting: Setting): Promise<Reading[]>;
}

const MEGA = 1e6;

/** Bytes against a limit in bytes. */
export function bytesAtMost(what: string, measured: number, limit: number): Reading {
  const show = (bytes: number) => `${(bytes / MEGA).toFixed(1)} MB`;
  return { what, limit: `<= ${show(limit)}`, measured: show(measured), ok: measured <= limit };
}

/** Milliseconds against a limit in milliseconds. */
export function timeAtMost(what: string, measured: number, limit: number): Reading {
  const show = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return { what, limit: `<= ${show(limit)}`, measured: show(measured), ok: measured <= limit };
}

export function countAtMost(what: string, measured: number, limit: number): Reading {
  return { what, limit: `<= ${limit}`, measured: String(measured), ok: measured <= limit };
}

/** Something that must hold every time it is tested. */
export function always(what: string, held: number, tried: number): Reading {
  return { what, limit: `all of ${tried}`, measured: String(held), ok: held === tried && tried > 0 };
}
