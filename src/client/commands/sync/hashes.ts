/** Hashes of keys, of which each takes eight bytes. */
export class Hashes {
  #hashes = new Float64Array(1024);
  #count = 0;

  add(key: string): void {
    if (this.#count === this.#hashes.length) {
      const more = new Float64Array(this.#count * 2);
      more.set(this.#hashes);
      this.#hashes = more;
    }
    this.#hashes[this.#count++] = hash(key);
  }

  sorted(): Float64Array {
    return this.#hashes.subarray(0, this.#count).sort();
  }
}

/** 52 bits. */
export function hash(key: string): number {
  let high = 0x811c9dc5;
  let low = 0x1000193;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b) ^ (low >>> 13);
  }
  return (high >>> 0) * 0x100000 + (low >>> 12);
}
