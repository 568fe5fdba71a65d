/**
 * Takes one stream, in pieces. Resolves to undefined if it did not end, or ended with an error defined by the protocol,
 * otherwise to what went wrong.
 */
export type Receiver = (pieces: readonly Buffer[]) => Promise<string | undefined>;

/** Resolves when everything that is waiting only for its turn in the event loop is done. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
