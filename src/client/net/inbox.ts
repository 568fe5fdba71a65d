import type { Channel } from './channel';

/** Bytes that may wait for whoever takes them before the server is slowed down. */
const MOST_QUEUED = 4 * 1_048_576;

/** Buffers of one delivery between the connection and whoever takes them. */
export class Inbox {
  readonly #channel: Channel;
  #queue: Buffer[] = [];
  #queued = 0;
  #held = false;
  #ended = false;
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  put(bytes: Buffer): void {
    // What was on its way when nobody wanted more must not hold the channel: nobody would release it.
    if (this.#closed) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > MOST_QUEUED && !this.#held) {
      this.#held = true;
      this.#channel.hold();
    }
    this.#wake();
  }

  /** Nothing more will be put. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The next buffer; undefined at the end. */
  async take(): Promise<Buffer | undefined> {
    while (this.#queue.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const bytes = this.#queue.shift();
    if (bytes) this.#queued -= bytes.length;
    if (this.#queued < MOST_QUEUED / 4) this.#release();
    return bytes;
  }

  /** Nobody will take more. */
  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.#release();
  }

  #release(): void {
    if (this.#held) this.#channel.release();
    this.#held = false;
  }
}
