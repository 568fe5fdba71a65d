import { readFileSync, statSync } from 'node:fs';
import { describeCause } from '../errors';

/** Longest file that is read, in characters. */
const MOST = 1_048_576;

/** The parsed contents of files, always up to date. */
export interface Watched<T> {
  /** The same object as long as the files don't change. */
  readonly value: T;
  /** Reads the files even if they have not changed, so that problems are reported again. */
  lookAgain(): void;
}

/**
 * The parsed contents of a few small files, always up to date: every access checks them, which takes microseconds. If
 * they can't be read, or `parse` throws, the previous contents stay.
 */
export class WatchedFiles<T> implements Watched<T> {
  readonly #paths: readonly string[];
  readonly #parse: (texts: readonly string[]) => T;
  readonly #onFault: (reason: string) => void;
  #state: string | undefined;
  #value: T;

  /** Throws if a file can't be read, or what `parse` throws. */
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
  if (text.length > MOST) throw new Error(`${path} can't be read: it is longer than ${MOST} characters`);
  return text;
}

function readable(path: string, call: (path: string) => string): string {
  try {
    return call(path);
  } catch (cause) {
    throw new Error(`${path} can't be read: ${describeCause(cause)}`, { cause });
  }
}
