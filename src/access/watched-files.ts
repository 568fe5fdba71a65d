import { readFileSync, statSync } from 'node:fs';
import { describeCause } from '../errors';

/** Bytes of the longest file that is read. */
const MOST = 1_048_576;

/**
 * What a few small files say, always as they are now: whoever asks makes it look at them, which takes microseconds. Where
 * they can't be read or understood any more, or don't fit together, what they said before holds on.
 */
export class WatchedFiles<T> {
  readonly #paths: readonly string[];
  readonly #parse: (texts: readonly string[]) => T;
  readonly #onFault: (reason: string) => void;
  #state: string;
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
    this.#state = paths.map(stateOf).join('\n');
    this.#value = parse(paths.map(read));
  }

  /** The same object as long as the files are the same. */
  get value(): T {
    this.#refresh();
    return this.#value;
  }

  #refresh(): void {
    let state = '';
    try {
      state = this.#paths.map(stateOf).join('\n');
      if (state === this.#state) return;
      this.#value = this.#parse(this.#paths.map(read));
    } catch (error) {
      if (state !== this.#state) this.#onFault(describeCause(error));
    }
    this.#state = state;
  }
}

function stateOf(path: string): string {
  const { mtimeNs, ctimeNs, size, ino, dev } = statSync(path, { bigint: true });
  return `${mtimeNs} ${ctimeNs} ${size} ${ino} ${dev}`;
}

function read(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (text.length > MOST) throw new Error(`it has more than ${MOST} characters`);
  return text;
}
