import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { describeCause } from '../errors';
import { compareNames } from '../names';
import { openLock } from './lock-file';
import { nameInLine, parseLockLine, type LockEntry } from './lock-format';

/** An image as it is now. */
export interface ClaimedImage {
  readonly name: string;
  readonly size: number;
  /** When it last changed in any way, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** What a lock file says about the images of a server, which has not checked it. */
export interface LockClaims {
  /**
   * The SHA-256 in the lock file. Undefined if it does not name the image, or names another size, or if the image has changed
   * since the lock file was read.
   */
  sha256Of(image: ClaimedImage): string | undefined;
  /** Reads the lock file again. If it is invalid now, the previous one stays in use. */
  readAgain(): Promise<void>;
  close(): void;
}

/** The lock file at `path`. `onWarning` hears why it could not be read again. Throws USAGE, naming the line. */
export async function openLockClaims(
  path: string,
  onWarning: (message: string) => void,
): Promise<LockClaims> {
  let lines = await openLines(path);
  let isClosed = false;
  return {
    sha256Of({ name, size, changedAt }) {
      if (Math.floor(changedAt) > lines.readAt) return undefined;
      const entry = lines.find(name);
      return entry?.size === size ? entry.sha256 : undefined;
    },
    async readAgain() {
      try {
        const next = await openLines(path);
        if (isClosed) return next.close();
        lines.close();
        lines = next;
      } catch (error) {
        onWarning(`${describeCause(error)} What was read before stays in use.`);
      }
    },
    close() {
      isClosed = true;
      lines.close();
    },
  };
}

async function openLines(path: string): Promise<LockLines> {
  const readAt = Date.now();
  await openLock(path);
  return new LockLines(openSync(path, 'r'), readAt);
}

/** Bytes read at once. A name is searched for among the lines of so many bytes. */
const CHUNK = 4096;
const LINE_FEED = 0x0a;

interface Line {
  /** Offset in the file. */
  readonly start: number;
  readonly name: string;
  readonly text: string;
}

/** The lines that begin between two offsets, and the names that they may have. */
interface Stretch {
  /** The first of these names; undefined: any that comes before `end`. */
  readonly begin: string | undefined;
  /** The first name behind them; undefined: there is none. */
  readonly end: string | undefined;
  /** The lines, by their names. */
  readonly lines: ReadonlyMap<string, string>;
}

/**
 * The lines of a valid lock file, searched for names without being held in memory: a search takes about 15 reads of a file
 * with a million lines, and none if the name comes soon after the previous one. The reads are synchronous: the system has
 * just read the file, so it is in its memory. If the file is overwritten meanwhile, lines may be missing.
 */
class LockLines {
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly #fd: number;
  readonly #size: number;
  #stretch: Stretch | undefined;

  /** Takes over the descriptor. */
  constructor(fd: number, readAt: number) {
    this.#fd = fd;
    this.readAt = readAt;
    this.#size = fstatSync(fd).size;
  }

  find(name: string): LockEntry | undefined {
    if (!this.#stretch || !covers(this.#stretch, name)) this.#stretch = this.#search(name);
    const line = this.#stretch.lines.get(name);
    return line === undefined ? undefined : parsed(line);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #search(name: string): Stretch {
    let [low, high] = [0, this.#size];
    let begin: string | undefined;
    let end: string | undefined;
    while (high - low > CHUNK) {
      const middle = low + Math.floor((high - low) / 2);
      const [line] = this.#lines(middle, high);
      if (line && compareNames(line.name, name) <= 0) [low, begin] = [line.start, line.name];
      else [high, end] = [middle, line?.name ?? end];
    }
    const lines = new Map<string, string>();
    for (const line of this.#lines(low, high)) lines.set(line.name, line.text);
    return { begin, end, lines };
  }

  /** The images in lines that begin at `from` or later, but before `to`. */
  *#lines(from: number, to: number): Generator<Line, void, undefined> {
    // What is before the first line feed belongs to a line that begins earlier. The first line of all is the header.
    let start = Math.max(0, from - 1);
    let bytes = this.#read(start);
    let isWhole = false;
    while (start < to) {
      const length = bytes.indexOf(LINE_FEED);
      if (length === -1) {
        const more = this.#read(start + bytes.length);
        if (more.length === 0) return;
        bytes = Buffer.concat([bytes, more]);
        continue;
      }
      const text = isWhole ? bytes.toString('utf8', 0, length) : '';
      const name = nameInLine(text);
      if (name !== undefined) yield { start, name, text };
      isWhole = true;
      start += length + 1;
      bytes = bytes.subarray(length + 1);
    }
  }

  /** At the end, and if the file can't be read any more, there are no bytes: an image that nobody claims to know is read. */
  #read(position: number): Buffer {
    const buffer = Buffer.allocUnsafe(CHUNK);
    try {
      return buffer.subarray(0, readSync(this.#fd, buffer, 0, CHUNK, position));
    } catch {
      return buffer.subarray(0, 0);
    }
  }
}

function covers({ begin, end }: Stretch, name: string): boolean {
  return (
    (begin === undefined || compareNames(begin, name) <= 0) &&
    (end === undefined || compareNames(name, end) < 0)
  );
}

/** The file may have been overwritten since it was validated. */
function parsed(line: string): LockEntry | undefined {
  try {
    return parseLockLine(line, (why) => new Error(why));
  } catch {
    return undefined;
  }
}
