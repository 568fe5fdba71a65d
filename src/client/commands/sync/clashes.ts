import { hash, Hashes } from './hashes';

const RESERVED = /^(?:con|prn|aux|nul|com[1-9\u00b9\u00b2\u00b3]|lpt[1-9\u00b9\u00b2\u00b3])(?:\.|$)/i;
// eslint-disable-next-line no-control-regex -- these are what is forbidden
const FORBIDDEN = /[<>:"|?*\\\x00-\x1f]/;

/** Whether Windows can't have a file of this name, or means something else by it. */
export function faultOnWindows(name: string): boolean {
  return name.split('/').some((part) => RESERVED.test(part) || FORBIDDEN.test(part) || /[. ]$/.test(part));
}

/** Finds keys that came more than once, remembering eight bytes of each. */
export class Clashes {
  #hashes = new Hashes();
  readonly #twice = new Set<number>();

  count(key: string): void {
    this.#hashes.add(key);
  }

  /** To be called when all are counted. */
  settle(): void {
    const sorted = this.#hashes.sorted();
    for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) this.#twice.add(sorted[i]!);
    this.#hashes = new Hashes();
  }

  /** False: it came once. True: very likely more often. */
  mayHave(key: string): boolean {
    return this.#twice.has(hash(key));
  }
}
