/** What a proof has to go by. */
export interface Setting {
  /** The short form: the same kinds of things, fewer of them. */
  readonly quick: boolean;
  readonly seed: number;
  /** The built command line. */
  readonly program: string;
  /** An empty folder, which goes when the proof is over. */
  readonly folder: string;
  /** Milliseconds that a soak goes on. */
  readonly soak: number;
}

/** One figure that was held against its limit. */
export interface Reading {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly ok: boolean;
}

/** A claim about reso, and how it is tried. */
export interface Bar {
  readonly name: string;
  readonly claim: string;
  /** Needs a network of its own, of which it can measure and set everything. */
  readonly ownNetwork?: boolean;
  /** Throws where it could not be tried. */
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

/** Something that must be so every time it is tried. */
export function always(what: string, held: number, tried: number): Reading {
  return { what, limit: `all of ${tried}`, measured: String(held), ok: held === tried && tried > 0 };
}
