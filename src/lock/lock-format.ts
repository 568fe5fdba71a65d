import { UsageError } from '../errors';
import { compareNames, nameFault } from '../names';

/** An image in the state that a lock file names. */
export interface LockEntry {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The images in a lock file, in byte order of their names; the file is read again each time. */
export interface Lock {
  entries(): AsyncIterable<LockEntry>;
}

/** The first line of a lock file; the number is the format's. docs/lock-file.md explains it. */
export const LOCK_HEADER = '# reso lock 1';

export function formatLockEntry({ name, size, sha256 }: LockEntry): string {
  return `${escapeName(name)}\t${size}\t${sha256}`;
}

/** Parses the lines of one lock file, in order. Throws USAGE, naming the line, if one is invalid. */
export class LockParser {
  readonly #file: string;
  #line = 0;
  #last: string | undefined;

  /** `file` is its name in errors. */
  constructor(file: string) {
    this.#file = file;
  }

  /** The entry in `line`, given without its line end; undefined if it is the header or a comment. */
  parse(line: string): LockEntry | undefined {
    this.#line++;
    if (this.#line === 1) return this.#checkHeader(line.replace(CR, ''));
    const entry = parseLockLine(line, (why) => this.fault(why));
    if (!entry) return undefined;
    if (this.#last !== undefined && compareNames(entry.name, this.#last) <= 0) {
      throw this.fault('names must be unique and in byte order');
    }
    this.#last = entry.name;
    return entry;
  }

  /** Throws if the file was empty. */
  end(): void {
    if (this.#line > 0) return;
    this.#line = 1;
    this.#checkHeader('');
  }

  fault(why: string): UsageError {
    return new UsageError(
      `${this.#file}, line ${this.#line}: ${why}. 'reso lock' writes lock files; docs/lock-file.md describes them.`,
    );
  }

  #checkHeader(text: string): undefined {
    if (text.replace(/^\ufeff/, '') === LOCK_HEADER) return undefined;
    const [, format] = /^# reso lock (\d+)$/.exec(text) ?? [];
    if (format !== undefined)
      throw this.fault(`the file has format ${format}, but this version reads only format 1`);
    throw this.fault(`a lock file must begin with '${LOCK_HEADER}'`);
  }
}

/** Windows line ends must not matter: in a name a CR is escaped. */
const CR = /\r$/;

/** The entry in a line behind the first one; undefined if it is empty or a comment. If it is invalid, throws a `fault`. */
export function parseLockLine(line: string, fault: (why: string) => Error): LockEntry | undefined {
  const text = line.replace(CR, '');
  if (text === '' || text.startsWith('#')) return undefined;
  const parts = text.split('\t');
  const [escaped, size, sha256] = parts;
  if (parts.length !== 3 || escaped === undefined || size === undefined || sha256 === undefined) {
    throw fault('expected a name, a size and a SHA-256, separated by tabs');
  }
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw fault(`'${size}' is not a size in bytes`);
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw fault(`'${sha256}' is not a SHA-256 in lowercase hexadecimal`);
  return { name: parseName(escaped, fault), size: Number(size), sha256 };
}

/** The name in a line of a valid lock file; undefined if it is empty or a comment. Much quicker than parsing all of it. */
export function nameInLine(line: string): string | undefined {
  const length = line.startsWith('#') ? -1 : line.indexOf('\t');
  return length === -1 ? undefined : unescapeName(line.slice(0, length));
}

function parseName(escaped: string, fault: (why: string) => Error): string {
  const name = unescapeName(escaped);
  if (name === undefined) throw fault(`'${escaped}' contains an invalid escape`);
  const wrong = nameFault(name);
  if (wrong !== undefined) throw fault(`'${escaped}' is not a valid image name: ${wrong}`);
  return name;
}

/** Backslashes, control characters, and a `#` at the start, which would make the line a comment. */
const UNSAFE = /[\\\p{Cc}]|^#/gu;

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const LONG: Readonly<Record<string, string>> = { '\\': '\\', t: '\t', n: '\n', r: '\r' };

function escapeName(name: string): string {
  return name.replace(
    UNSAFE,
    (char) => SHORT[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Undefined if a backslash is not followed by something that `escapeName` writes. */
function unescapeName(escaped: string): string | undefined {
  if (!escaped.includes('\\')) return escaped;
  let isValid = true;
  const name = escaped.replace(/\\(?:x([0-9a-f]{2})|(.?))/g, (_, hex?: string, short = '') => {
    const char = hex === undefined ? LONG[short as string] : String.fromCharCode(parseInt(hex, 16));
    if (char === undefined) isValid = false;
    return char ?? '';
  });
  return isValid ? name : undefined;
}
