import { isName } from '../../names';
import type { ImageState } from '../../protocol';

/** What is stored beside the bytes of a partial, so that a later run can resume it. */
export interface PartialNote extends ImageState {
  readonly name: string;
  /** `host:port` of the server that `version` comes from; of several servers, all of them. */
  readonly server: string;
  /** Bytes from the start that are complete: after them there may be holes. Absent: the whole file. */
  readonly whole?: number | undefined;
}

/** The note, which may be followed by any number of lines from `formatWhole`, of which the last one counts. */
export function formatNote(note: PartialNote): string {
  return `${JSON.stringify(note)}\n`;
}

/** A line to append to a note that updates `whole`. Appending means that a note exists at every moment. */
export function formatWhole(whole: number | undefined): string {
  return `${whole ?? ALL}\n`;
}

/** The note in `text`; undefined if it is damaged: the file may have been truncated by a crash, or edited. */
export function parseNote(text: string): PartialNote | undefined {
  // After the last line end is what a crash left incomplete.
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

/** The state that the server's image must have to continue a partial and to match a lock. */
export function preconditionOf(
  note: PartialNote | undefined,
  isItsServer: boolean,
  locked: string | undefined,
): Precondition {
  if (!note) return locked === undefined ? {} : { sha256: locked };
  // On the server that the bytes came from, the version is enough; on another one it takes the digest.
  if (!isItsServer && note.sha256 !== undefined) return { sha256: locked ?? note.sha256 };
  return locked === undefined ? { version: note.version } : { version: note.version, sha256: locked };
}
