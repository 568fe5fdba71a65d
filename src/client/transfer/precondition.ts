import type { PartialNote } from '../disk/partial-note';

export interface Precondition {
  readonly version?: string;
  readonly sha256?: string;
}

/** What the server's image must be so that its bytes can follow on a partial, and are what a lock names. */
export function preconditionOf(
  note: PartialNote | undefined,
  server: string,
  locked: string | undefined,
): Precondition {
  if (!note) return locked === undefined ? {} : { sha256: locked };
  // At the server that the bytes came from its version says it all; at another the digest does.
  if (note.server !== server && note.sha256 !== undefined) return { sha256: locked ?? note.sha256 };
  return locked === undefined ? { version: note.version } : { version: note.version, sha256: locked };
}
