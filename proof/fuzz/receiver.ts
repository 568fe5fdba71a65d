/**
 * Takes one stream, in pieces. Resolves to undefined if it ended, if at all, in an error that the protocol has a word
 * for, else to what went wrong.
 */
export type Receiver = (pieces: readonly Buffer[]) => Promise<string | undefined>;

/** Resolves when all that waits for nothing but its turn is done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
