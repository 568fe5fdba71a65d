import { release } from '../../connection';
import { ResoError } from '../../errors';
import type { GetRequest } from '../../protocol';
import type { Channel } from '../channel';
import type { Pool } from '../pool';
import { isTransient } from '../retry';
import { Stripe, type StripeOwner } from './stripe';

/** How the bytes of an image are divided. */
export interface Division {
  /** Bytes of one stripe. */
  readonly length: number;
  /** Stripes under way at a time. */
  readonly atATime: number;
}

/** Takes what comes of a striped image. */
export interface StripeSink {
  /** Bytes came, in whatever order. */
  arrived(bytes: number): void;
  /** The bytes that follow on those before. `cancel` ends the whole image early. */
  append(bytes: Buffer, channel: Channel, cancel: () => void): void;
  /** A part is asked for again. */
  again(): void;
}

export interface StripedImage {
  /** What to ask for, but for the range. */
  readonly request: GetRequest;
  readonly size: number;
  readonly division: Division;
  /** The range that is being asked for already. */
  readonly begun: { readonly offset: number; readonly length: number };
}

/**
 * One image in ranges over all connections. Its bytes are handed on in their order, so that it is hashed and written
 * in one pass: what comes early is held back, a few stripes at most. Each stripe goes on from where it was cut.
 */
export class Stripes implements StripeOwner {
  /** Resolves when all bytes were handed on. Rejects with what keeps the rest from coming. */
  readonly done: Promise<void>;
  readonly request: GetRequest;
  readonly size: number;
  /** The range that had been asked for already. */
  readonly first: Stripe;
  /** Whether trying again was given up. */
  hasGivenUp = false;
  isOver = false;
  /** Bytes that came and were not handed on. */
  heldBytes = 0;
  readonly #pool: Pool;
  readonly #sink: StripeSink;
  readonly #division: Division;
  /** Those under way, in the order of their bytes. */
  readonly #open: Stripe[];
  #next: number;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(pool: Pool, { request, size, division, begun }: StripedImage, sink: StripeSink) {
    this.#pool = pool;
    this.#sink = sink;
    this.#division = division;
    this.request = request;
    this.size = size;
    this.first = new Stripe(this, begun.offset, begun.length);
    this.#open = [this.first];
    this.#next = begun.offset + begun.length;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Looked at when the first range has ended; without this a failure before that would count as unhandled.
    this.done.catch(() => undefined);
    this.#askForMore();
  }

  arrived(stripe: Stripe, bytes: Buffer, channel: Channel): void {
    this.#sink.arrived(bytes.length);
    this.#pool.progressed();
    if (stripe === this.#open[0]) {
      this.#append(bytes, channel);
      if (stripe.isComplete) this.#handOn(channel);
    } else {
      stripe.held.push(bytes);
      this.heldBytes += bytes.length;
    }
  }

  interrupted(stripe: Stripe, error: unknown, channel: Channel): void {
    if (this.isOver || stripe.isComplete) return;
    if (!isTransient(error)) return this.#fail(error);
    this.#sink.again();
    this.#pool.retry(stripe, error, channel);
  }

  gaveUp(error: ResoError): void {
    if (this.isOver) return;
    this.hasGivenUp = true;
    this.#fail(error);
  }

  /** The first stripe is complete: hands on what was waiting for it. */
  #handOn(channel: Channel): void {
    while (this.#open[0]?.isComplete) {
      this.#open.shift();
      const held = this.#open[0]?.held.splice(0) ?? [];
      for (const bytes of held) {
        this.heldBytes -= bytes.length;
        this.#append(bytes, channel);
      }
    }
    this.#askForMore();
    if (this.#open.length > 0) return;
    this.isOver = true;
    this.#resolve();
  }

  #append(bytes: Buffer, channel: Channel): void {
    this.#sink.append(bytes, channel, () => this.#fail(new ResoError('ABORTED', 'The rest is not wanted.')));
  }

  #askForMore(): void {
    const { length, atATime } = this.#division;
    while (this.#open.length < atATime && this.#next < this.size && !this.isOver) {
      const stripe = new Stripe(this, this.#next, Math.min(length, this.size - this.#next));
      this.#next += stripe.expected;
      this.#open.push(stripe);
      this.#pool.submitUrgent(stripe);
    }
  }

  #fail(error: unknown): void {
    this.#cancel();
    this.#reject(error);
  }

  #cancel(): void {
    this.isOver = true;
    for (const stripe of this.#open) {
      stripe.cancel();
      for (const bytes of stripe.held.splice(0)) release(bytes);
    }
  }
}
