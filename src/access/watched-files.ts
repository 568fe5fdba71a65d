import { readFileSync, statSync } from 'node:fs';
import { describeCause } from '../errors';

/** Bytes of the longest file that is read. */
const MOST = 1_048_576;

/** What files say, as they are now. */
export interface Watched<T> {
  /** The same object as long as the files are the same. */
  readonly value: T;
  /** Looks at them although they may be the same, so that what is wrong with them is said again. */
  lookAgain(): void;
}

/**
 * What a few small files say, always as they are now: whoever asks makes it look at them, which takes microseconds. Where
 * they can't be read, or `parse` throws, what they said before stays.
 */
export class WatchedFiles<T> implements Watched<T> {
  readonly #paths: readonly string[];
  readonly #parse: (texts: readonly string[]) => T;
  readonly #onFault: (reason: string) => void;
  #state: string | undefined;
  #value: T;

  /** Throws what keeps a file from being read, or what `parse` throws. */
  constructor(
    paths: readonly string[],
    parse: (texts: readonly string[]) => T,
    onFault: (reason: string) => void,
  ) {
    this.#paths = paths;
    this.#parse = parse;
    this.#onFault = onFault;
    this.#state = stateOf(paths);
    this.#value = parse(paths.map(read));
  }

  get value(): T {
    this.#refresh();
    return this.#value;
  }

  lookAgain(): void {
    this.#state = undefined;
    this.#refresh();
  }

  #refresh(): void {
    let state = '';
    try {
      state = stateOf(this.#paths);
      if (state === this.#state) return;
      this.#value = this.#parse(this.#paths.map(read));
    } catch (error) {
      if (state !== this.#state) this.#onFault(describeCause(error));
    }
    this.#state = state;
  }
}

function stateOf(paths: readonly string[]): string {
  return paths.map((path) => readable(path, stateOfOne)).join('\n');
}

function stateOfOne(path: string): string {
  const { mtimeNs, ctimeNs, size, ino, dev } = statSync(path, { bigint: true });
  return `${mtimeNs} ${ctimeNs} ${size} ${ino} ${dev}`;
}

function read(path: string): string {
  const text = readable(path, () => readFileSync(path, 'utf8'));
  if (text.length > MOST) throw new Error(`${path} can't be read: it has more than ${MOST} characters`);
  return text;
}

function readable(path: string, call: (path: string) => string): string {
  try {
    return call(path);
  } catch (cause) {
    throw new Error(`${path} can't be read: ${describeCause(cause)}`, { cause });
  }
}
