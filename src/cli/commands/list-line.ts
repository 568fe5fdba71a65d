import type { ImageEntry } from '../../index';
import { escapeForDisplay } from '../../names';
import { jsonLine } from '../terminal/json-line';
import { formatSize } from '../terminal/quantity';

export interface ListFormat {
  readonly long: boolean;
  /** As `long`, with sizes for people. */
  readonly human: boolean;
  readonly json: boolean;
  /** NUL after each name instead of a newline. */
  readonly null: boolean;
}

/** Columns for a size in bytes: enough for 999 GB. */
const SIZE_COLUMNS = 12;

/** The longest there is: `1023.9 MiB`. */
const HUMAN_COLUMNS = 10;

/** An image as `ls` prints it, with what ends it. */
export function formatEntry(entry: ImageEntry, format: ListFormat, forTerminal: boolean): string {
  if (format.json) return `${jsonLine(entryObject(entry), forTerminal)}\n`;
  const name = forTerminal && !format.null ? escapeForDisplay(entry.name) : entry.name;
  return longPart(entry, format) + name + (format.null ? '\0' : `${factsPart(entry, format)}\n`);
}

/** Whether the server should be asked what the images are. Where NUL ends a name, nothing comes between. */
export function showsFacts({ long, human, json, null: endsInNul }: ListFormat): boolean {
  return json || ((long || human) && !endsInNul);
}

/** Behind the name, so that what reads the columns before it need not know of these: a tab before each, `-` for none. */
function factsPart({ facts }: ImageEntry, { long, human }: ListFormat): string {
  if (!facts || (!long && !human)) return '';
  const { format, width, height, taken, offset = '' } = facts;
  const size = width === undefined ? '-' : `${width}x${height}`;
  return `\t${format}\t${size}\t${taken === undefined ? '-' : taken + offset}`;
}

function longPart(entry: ImageEntry, { long, human }: ListFormat): string {
  if (!long && !human) return '';
  const size = human ? formatSize(entry.size) : String(entry.size);
  return `${size.padStart(human ? HUMAN_COLUMNS : SIZE_COLUMNS)}  ${time(entry)}  `;
}

export function totalLine(images: number, bytes: number): string {
  return `${images} ${images === 1 ? 'image' : 'images'}, ${formatSize(bytes)}`;
}

function entryObject(entry: ImageEntry): object {
  const { name, size, version, sha256 = null, unsettled = false, facts } = entry;
  return { name, size, mtime: time(entry), version, sha256, unsettled, ...(facts && { facts }) };
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
