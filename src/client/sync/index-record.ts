import { isName } from '../../names';

/** What a sync knows of a file that it brought, or proved to be what the server has. */
export interface IndexEntry {
  readonly name: string;
  /** Size in bytes and times in milliseconds of the local file, when its digest was known to be `sha256`. */
  readonly size: number;
  readonly mtime: number;
  readonly ctime: number;
  /** Whose `version` it is. */
  readonly origin: string;
  readonly version: string;
  readonly sha256: string;
}

/** A line of the index; without `entry` the name is to be forgotten. */
export interface IndexRecord {
  readonly name: string;
  readonly entry: IndexEntry | undefined;
  readonly line: string;
}

export function recordOf(entry: IndexEntry): IndexRecord {
  const { name, size, mtime, ctime, origin, version, sha256 } = entry;
  return { name, entry, line: seal(JSON.stringify([name, size, mtime, ctime, origin, version, sha256])) };
}

export function forgetful(name: string): IndexRecord {
  return { name, entry: undefined, line: seal(JSON.stringify([name])) };
}

/** Undefined for a line that is damaged, in whatever way: its file is then looked at as if it were not known. */
export function parseRecord(line: string): IndexRecord | undefined {
  const text = line.slice(CHECKSUM_DIGITS + 1);
  if (seal(text) !== line) return undefined;
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(fields)) return undefined;
  const [name, size, mtime, ctime, origin, version, sha256] = fields as unknown[];
  if (typeof name !== 'string' || !isName(name)) return undefined;
  if (fields.length === 1) return { name, entry: undefined, line };
  if (![size, mtime, ctime].every(Number.isFinite)) return undefined;
  if (![origin, version, sha256].every((field) => typeof field === 'string')) return undefined;
  return { name, entry: { name, size, mtime, ctime, origin, version, sha256 } as IndexEntry, line };
}

const CHECKSUM_DIGITS = 8;

/** Each line proves itself, so that an index may be read as a stream and one that was cut is good up to there. */
function seal(text: string): string {
  return `${checksum(text).toString(16).padStart(CHECKSUM_DIGITS, '0')} ${text}`;
}

/** FNV-1a: any one character that is another makes another sum, and it costs next to nothing. */
function checksum(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
