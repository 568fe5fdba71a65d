/** Milliseconds for a client to request the next part: its disk may be slow. */
const NEXT_PART = 5000;
/** Most remembered images, of all clients. */
const MOST_IMAGES = 256;
/** After this many bytes, more requests are expected. A client that got fewer may only be peeking into the image. */
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
  /** Where the first of its parts begins. The client already had what comes before. */
  readonly from: number;
  /** Bytes of all its parts. */
  readonly sent: number;
  /** When it expires, by `performance.now()`. */
  readonly until: number;
}

/**
 * Images of which a client got some parts and has not requested the rest yet. It spreads the parts over its connections,
 * each of which may be idle for a moment, so clients are identified by address here, not by connection.
 */
export class UnfinishedImages {
  /** In the order in which they were last sent. */
  readonly #images = new Map<string, Unfinished>();

  /** Notes that a part was sent to `host`. */
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

  /** Whether `host` is about to request more of an image. */
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

  /** The oldest image that was only peeked into; if there is none, the oldest one. */
  #leastWanted(): string {
    const images = [...this.#images];
    const [key] = images.find(([, one]) => !isExpected(one)) ?? images[0]!;
    return key;
  }
}

/** Whether the client is about to request more of it. */
function isExpected({ sent }: Unfinished): boolean {
  return sent >= LEAST_SENT;
}
