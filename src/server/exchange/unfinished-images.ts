/** Milliseconds for a client to ask for the next part: what it was sent last may lie before a disk that is slow. */
const NEXT_PART = 5000;
/** Images that are remembered, of all clients. */
const MOST_IMAGES = 256;
/** Bytes of an image, in however many parts, from which on more are expected: who asks for fewer looks into it. */
const LEAST_SENT = 1_048_576;

/** A part of an image. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** Bytes of the whole image. */
  readonly size: number;
  readonly offset: number;
  readonly length: number;
}

interface Unfinished {
  readonly host: string;
  /** Where the first of its parts begins: what is in front of it came before. */
  readonly from: number;
  /** Bytes of all its parts. */
  readonly sent: number;
  /** When it is forgotten, by `performance.now()`. */
  readonly until: number;
}

/**
 * Images of which a client was sent some parts and has not asked for the others yet. A client spreads the parts over
 * its connections, of which each may have nothing to do for a moment: they are told apart by its address.
 */
export class UnfinishedImages {
  /** The one that was sent last comes last. */
  readonly #images = new Map<string, Unfinished>();

  /** A part was sent to `host`. */
  sent(host: string, { name, version, size, offset, length }: Part): void {
    const key = [host, version, name].join('\0');
    const before = this.#images.get(key);
    this.#images.delete(key);
    const from = Math.min(offset, before?.from ?? offset);
    const sent = length + (before?.sent ?? 0);
    const until = performance.now() + NEXT_PART;
    if (from + sent < size) this.#images.set(key, { host, from, sent, until });
    this.#forgetOld();
  }

  /** Whether `host` is about to ask for more of an image. */
  has(host: string): boolean {
    this.#forgetOld();
    return [...this.#images.values()].some((one) => one.host === host && isExpected(one));
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const [key, { until }] of this.#images) {
      if (until > now) break;
      this.#images.delete(key);
    }
    if (this.#images.size > MOST_IMAGES) this.#images.delete(this.#leastWanted());
  }

  /** The oldest one of those that were only looked into, so that these don't displace others; else the oldest one. */
  #leastWanted(): string {
    const images = [...this.#images];
    const [key] = images.find(([, one]) => !isExpected(one)) ?? images[0]!;
    return key;
  }
}

/** Whether the client is about to ask for more of it. */
function isExpected({ sent }: Unfinished): boolean {
  return sent >= LEAST_SENT;
}
