import type { ImageEntry } from '../../index';
import { escapeForDisplay } from '../../names';
import { jsonLine } from '../terminal/json-line';

export interface ListFormat {
  readonly long: boolean;
  readonly json: boolean;
  /** End names with NUL. */
  readonly null: boolean;
}

/** Columns for a size in bytes: enough for 999 GB. */
const SIZE_COLUMNS = 12;

/** An image as `ls` prints it, with what ends it. */
export function formatEntry(entry: ImageEntry, format: ListFormat, forTerminal: boolean): string {
  if (format.json) return `${jsonLine(entryObject(entry), forTerminal)}\n`;
  const name = forTerminal && !format.null ? escapeForDisplay(entry.name) : entry.name;
  const line = format.long ? `${String(entry.size).padStart(SIZE_COLUMNS)}  ${time(entry)}  ${name}` : name;
  return line + (format.null ? '\0' : '\n');
}

function entryObject(entry: ImageEntry): object {
  const { name, size, version, sha256 = null, unsettled = false } = entry;
  return { name, size, mtime: time(entry), version, sha256, unsettled };
}

/** The protocol has microseconds. They are rounded down: a Date would round times before 1970 up. */
function time({ mtime }: ImageEntry): string {
  return new Date(Math.floor(mtime / 1000)).toISOString();
}

/**
 * A line as `sha256sum` prints it and `sha256sum -c` reads it. If a name contains a line end or a backslash, it is escaped,
 * and the line begins with a backslash. Lines that end with NUL need no escapes.
 */
export function sumLine(
  name: string,
  sha256: string,
  { endsInNul, forTerminal }: { endsInNul: boolean; forTerminal: boolean },
): string {
  if (endsInNul) return `${sha256}  ${name}\0`;
  if (forTerminal) return `${sha256}  ${escapeForDisplay(name)}\n`;
  const escaped = name.replace(UNSAFE, (char) => ESCAPES[char]!);
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}

/** A CR is escaped only at the end, where it would count as part of the line end: older coreutils don't know `\r`. */
const UNSAFE = /[\\\n]|\r$/g;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
