import { createHash } from 'node:crypto';
import { release } from '../../connection';
import { ResoError } from '../../errors';
import type { Delivery, End, GetRequest } from '../../protocol';
import type { Channel } from './channel';
import type { Flight } from './link';

export interface Range {
  /** First byte; default 0. */
  readonly offset?: number | undefined;
  /** Bytes; default: to the end. */
  readonly length?: number | undefined;
  /** Fail with CHANGED if the image is not in this state, of this server. */
  readonly version?: string | undefined;
  /** Fail with CHANGED if the image does not have this digest, which is the same on every server; hexadecimal. */
  readonly sha256?: string | undefined;
}

/**
 * Requests bytes of an image at once; resolves when they start to arrive. The result must be iterated: bytes that nobody
 * takes slow the connection down.
 */
export function openDelivery(
  { channel, arrived }: Pick<Flight, 'channel' | 'arrived'>,
  request: GetRequest,
): Promise<AsyncGenerator<Buffer, void, undefined>> {
  return new Promise((resolve, reject) => {
    const inbox = new Inbox(channel);
    const { ended, cancel } = channel.get(request, {
      begin: (delivery) => resolve(take(inbox, request.name, delivery, ended, cancel)),
      data: (bytes) => {
        arrived(bytes.length);
        inbox.put(bytes);
      },
    });
    ended.then(
      () => inbox.end(),
      (error: unknown) => {
        inbox.end();
        reject(error as ResoError);
      },
    );
  });
}

async function* take(
  inbox: Inbox,
  image: string,
  delivery: Delivery,
  ended: Promise<End>,
  cancel: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  try {
    for (let bytes = await inbox.take(); bytes; bytes = await inbox.take()) {
      hash.update(bytes);
      yield own(bytes);
    }
  } finally {
    inbox.close();
    cancel();
  }
  const end = await ended;
  if (delivery.length === delivery.size) verify(image, end.sha256 ?? delivery.sha256, hash.digest('hex'));
}

/** A copy: what callers do with its memory, such as transferring it to another thread, must not affect the connection's. */
function own(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  release(bytes);
  return copy;
}

function verify(image: string, expected: string | undefined, actual: string): void {
  if (expected === actual) return;
  throw new ResoError(
    'DIGEST_MISMATCH',
    `The received data is damaged: its SHA-256 is ${actual}, but the server's is ${expected ?? 'unknown'}.`,
    {
      image,
    },
  );
}

/** Bytes that may wait for the consumer before the server is slowed down. */
const MOST_QUEUED = 4 * 1_048_576;

/** Buffers of one delivery between the connection and the consumer. */
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
    // Bytes still in flight after the consumer stopped must not hold the channel: nobody would release it.
    if (this.#closed) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > MOST_QUEUED && !this.#held) {
      this.#held = true;
      this.#channel.hold();
    }
    this.#wake();
  }

  /** No more buffers will be added. */
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

  /** The consumer takes no more. */
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
