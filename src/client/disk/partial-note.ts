import { isName } from '../../names';
import type { ImageState } from '../../protocol';
import type { Range } from './ranges';

/** What is stored beside the bytes of a partial, so that a later run can resume it. */
export interface PartialNote extends ImageState {
  readonly name: string;
  /** `host:port` of the server that `version` comes from. */
  readonly server: string;
  /** What is there of a file that has holes. Absent: the file has none. */
  readonly ranges?: readonly Range[] | undefined;
}

/** The note, to which any number of lines from `formatRange` may be appended: a note then exists at every moment. */
export function formatNote({ ranges, ...note }: PartialNote): string {
  return `${JSON.stringify(note)}\n${ranges?.map(formatRange).join('') ?? ''}`;
}

/** A line that adds to `ranges`. */
export function formatRange({ start, end }: Range): string {
  return `${start}-${end}\n`;
}

/** A line after which the file has no holes. */
export const NO_HOLES = 'all\n';

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
  const since = lines.slice(lines.lastIndexOf(NO_HOLES.trim()) + 1);
  if (since.length === 0) return { name, server, ...state };
  const ranges = since.map((line) => parseRange(line, state.size));
  return ranges.every((range) => range !== undefined) ? { name, server, ...state, ranges } : undefined;
}

function parseRange(line: string, size: number): Range | undefined {
  const [, start, end] = /^(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})$/.exec(line)?.map(Number) ?? [];
  return start !== undefined && start <= end! && end! <= size ? { start, end: end! } : undefined;
}

export interface Precondition {
  readonly version?: string;
  readonly sha256?: string;
}

/** The state that the server's image must have to continue a partial and to match a lock. */
export function preconditionOf(
  note: PartialNote | undefined,
  server: string,
  locked: string | undefined,
): Precondition {
  if (!note) return locked === undefined ? {} : { sha256: locked };
  // On the server that the bytes came from, the version is enough; on another one it takes the digest.
  if (note.server !== server && note.sha256 !== undefined) return { sha256: locked ?? note.sha256 };
  return locked === undefined ? { version: note.version } : { version: note.version, sha256: locked };
}
