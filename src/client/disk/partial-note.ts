import { isName } from '../../names';
import type { ImageState } from '../../protocol';

/** What is kept beside the bytes of a partial, so that a later run can go on from them. */
export interface PartialNote extends ImageState {
  readonly name: string;
  /** `host:port` of the server whose `version` it is. */
  readonly server: string;
  /** Bytes from the first on that are there: behind them there may be holes. Absent: all that the file holds. */
  readonly whole?: number | undefined;
}

/** The note, to be followed by any number of lines of `formatWhole`, of which the last one counts. */
export function formatNote(note: PartialNote): string {
  return `${JSON.stringify(note)}\n`;
}

/** A line to be appended to a note, so that at no moment there is none: how much is `whole`. */
export function formatWhole(whole: number | undefined): string {
  return `${whole ?? ALL}\n`;
}

/** The note in `text`; undefined where it is damaged: the file may have been cut by a crash, or edited. */
export function parseNote(text: string): PartialNote | undefined {
  // Behind the last line end is what a crash has cut.
  const lines = text.split('\n').slice(0, -1);
  let note: Partial<Record<keyof PartialNote, unknown>>;
  try {
    note = JSON.parse(lines.shift()!) as typeof note;
  } catch {
    return undefined;
  }
  const { name, server, size, mtime, version, sha256 } = note ?? {};
  if (typeof name !== 'string' || !isName(name) || typeof server !== 'string') return undefined;
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(mtime)) return undefined;
  if (typeof version !== 'string' || !/^[\x20-\x7e]{1,128}$/.test(version)) return undefined;
  if (sha256 !== undefined && (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)))
    return undefined;
  const state = { size: size as number, mtime: mtime as number, version, sha256 };
  const last = lines.at(-1) ?? ALL;
  if (last === ALL) return { name, server, ...state };
  return /^[0-9]{1,15}$/.test(last) ? { name, server, ...state, whole: Number(last) } : undefined;
}

const ALL = 'all';

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
