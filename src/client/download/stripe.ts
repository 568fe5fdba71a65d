import { release } from '../../connection';
import { ProtocolError, type ResoError } from '../../errors';
import type { GetRequest } from '../../protocol';
import type { Channel } from '../channel';
import type { Flight } from '../lane';
import type { Job } from '../pool';

/** What the stripes of one image belong to. */
export interface StripeOwner {
  /** Whether no more bytes are wanted. */
  readonly isOver: boolean;
  /** What to ask for, but for the range. */
  readonly request: GetRequest;
  /** Bytes of the whole image. */
  readonly size: number;
  arrived(stripe: Stripe, bytes: Buffer, channel: Channel): void;
  /** A request for this stripe failed because of `error`. */
  interrupted(stripe: Stripe, error: unknown, channel: Channel): void;
  /** No server can be had any more. */
  gaveUp(error: ResoError): void;
}

/** A range of an image on its way, over whichever connection is free. */
export class Stripe implements Job {
  readonly #owner: StripeOwner;
  readonly #offset: number;
  readonly #length: number;
  #arrived = 0;
  /** Bytes that came before those in front of them had come. */
  held: Buffer[] = [];
  /** Ends the request that is under way. */
  cancel: () => void = () => undefined;
  refusals = 0;

  constructor(owner: StripeOwner, offset: number, length: number) {
    this.#owner = owner;
    this.#offset = offset;
    this.#length = length;
  }

  get expected(): number {
    return this.#length - this.#arrived;
  }

  get isComplete(): boolean {
    return this.#arrived === this.#length;
  }

  async run({ channel, expect, arrived }: Flight): Promise<void> {
    const owner = this.#owner;
    if (owner.isOver || this.isComplete) return;
    const request = { ...owner.request, offset: this.#offset + this.#arrived, length: this.expected };
    const { ended, cancel } = channel.get(request, {
      begin: ({ size, length }) => {
        if (size !== owner.size)
          throw new ProtocolError('BAD_FRAME', 'The size of the image is another than before.');
        expect(length);
      },
      data: (bytes) => {
        arrived(bytes.length);
        this.take(bytes, channel);
      },
    });
    this.cancel = cancel;
    await ended.catch((error: unknown) => owner.interrupted(this, error, channel));
  }

  take(bytes: Buffer, channel: Channel): void {
    if (this.#owner.isOver) return release(bytes);
    this.#arrived += bytes.length;
    this.refusals = 0;
    this.#owner.arrived(this, bytes, channel);
  }

  fail(error: ResoError): void {
    this.#owner.gaveUp(error);
  }
}
