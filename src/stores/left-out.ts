export const LEFT_OUT_REASONS = [
  'symlink',
  'hidden',
  'special',
  'notImage',
  'badName',
  'unreadable',
] as const;

/**
 * Why something in the folder is not served: a symlink; hidden (its name begins with a dot); neither a regular file nor a
 * folder; not an image; not a valid name (invalid UTF-8, too long); unreadable.
 */
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** How many files and folders were left out, by reason. The contents of such a folder are not counted. */
export type LeftOut = Record<LeftOutReason, number>;

/** Some of the names that were left out, by reason. */
export type LeftOutNames = Partial<Record<LeftOutReason, readonly string[]>>;

/** Names kept for each reason. */
const MOST_NAMED = 3;

/** Counts what a scan leaves out, and keeps a few names. */
export class LeftOutTally {
  readonly counts = nothingLeftOut();
  readonly #names: Partial<Record<LeftOutReason, string[]>> = {};

  get names(): LeftOutNames {
    return this.#names;
  }

  add(reason: LeftOutReason, name: string): void {
    this.counts[reason]++;
    const names = (this.#names[reason] ??= []);
    if (names.length < MOST_NAMED) names.push(name);
  }
}

export function nothingLeftOut(): LeftOut {
  return { symlink: 0, hidden: 0, special: 0, notImage: 0, badName: 0, unreadable: 0 };
}
