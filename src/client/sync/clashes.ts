/** What makes one name of two on a file system. */
export interface Folding {
  readonly ignoresCase: boolean;
  readonly normalizes: boolean;
  readonly isWindows: boolean;
}

/** A function that gives the same for names which are one name there. */
export function folder({ ignoresCase, normalizes }: Omit<Folding, 'isWindows'>): (name: string) => string {
  return (name) => {
    const form = normalizes ? name.normalize('NFC') : name;
    return ignoresCase ? form.toUpperCase().toLowerCase() : form;
  };
}

const RESERVED = /^(?:con|prn|aux|nul|com[1-9\u00b9\u00b2\u00b3]|lpt[1-9\u00b9\u00b2\u00b3])(?:\.|$)/i;
// eslint-disable-next-line no-control-regex -- these are what is forbidden
const FORBIDDEN = /[<>:"|?*\\\x00-\x1f]/;

/** Whether Windows can't have a file of this name, or means something else by it. */
export function faultOnWindows(name: string): boolean {
  return name.split('/').some((part) => RESERVED.test(part) || FORBIDDEN.test(part) || /[. ]$/.test(part));
}

/** Finds keys that came more than once, remembering eight bytes of each. */
export class Clashes {
  #hashes = new Float64Array(1024);
  #count = 0;
  readonly #twice = new Set<number>();

  count(key: string): void {
    if (this.#count === this.#hashes.length) {
      const more = new Float64Array(this.#count * 2);
      more.set(this.#hashes);
      this.#hashes = more;
    }
    this.#hashes[this.#count++] = hash(key);
  }

  /** To be called when all are counted. */
  settle(): void {
    const sorted = this.#hashes.subarray(0, this.#count).sort();
    for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) this.#twice.add(sorted[i]!);
    this.#hashes = new Float64Array(0);
  }

  /** False: it came once. True: very likely more often. */
  mayHave(key: string): boolean {
    return this.#twice.has(hash(key));
  }
}

/** 52 bits. */
function hash(key: string): number {
  let high = 0x811c9dc5;
  let low = 0x1000193;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b) ^ (low >>> 13);
  }
  return (high >>> 0) * 0x100000 + (low >>> 12);
}
