import type { GetRequest } from '../../../protocol';
import type { Fleet } from './fleet';
import type { Partial } from '../../disk/partial';

/** Bytes of one stripe, at most and at least. */
const LONGEST = 4 * 1_048_576;
const SHORTEST = 1_048_576;
/** What is missing of an image from which on it comes in stripes. */
export const WORTH_STRIPES = 8 * 1_048_576;
/** Stripes for each connection: the next one is on its way while one comes. */
const FOR_EACH_CONNECTION = 2;
/** Stripes that may be ahead of the one that is proven, at least: a kill costs them. */
const AHEAD = 10;

export interface StripesListener {
  /** Bytes that have come of the image. */
  readonly received: number;
  arrived(bytes: number): void;
  /** A stripe was cut, and is gone on with. */
  again(): void;
}

/** What to ask for, but for the range. */
type StripedImage = Pick<GetRequest, 'name' | 'sha256'> & { readonly version: string };

/**
 * Has lanes bring what `partial` lacks, each stripe written at its place, and takes them in in their order. False where a
 * stripe did not come: the partial then holds what came before it. Throws DISK.
 */
export async function bringStripes(
  fleet: Fleet,
  partial: Partial,
  image: StripedImage,
  listener: StripesListener,
): Promise<boolean> {
  const { size } = partial.note;
  const part = await partial.openUp();
  const mostAhead = Math.max(AHEAD, fleet.connections * FOR_EACH_CONNECTION);
  const share = Math.ceil((size - partial.length) / (fleet.connections * FOR_EACH_CONNECTION));
  const length = Math.min(LONGEST, Math.max(SHORTEST, share));
  const ahead: { readonly end: number; readonly hasCome: Promise<boolean> }[] = [];
  let next = partial.length;
  let isWhole = true;
  try {
    while (isWhole && partial.length < size) {
      while (next < size && ahead.length < mostAhead && fleet.hasRoom) {
        const stripe = { offset: next, length: Math.min(length, size - next) };
        next += stripe.length;
        ahead.push({ end: next, hasCome: bringOne(fleet, { ...image, ...stripe, part }, listener) });
      }
      const first = ahead.shift();
      if (!first) await fleet.room();
      else if (await first.hasCome) await partial.takeIn(first.end);
      else isWhole = false;
    }
  } finally {
    // Nobody may write behind our back to what is gone on with from here on.
    await Promise.all(ahead.map(({ hasCome }) => hasCome));
  }
  if (!isWhole) await partial.cutOff();
  return isWhole;
}

interface Stripe extends StripedImage {
  readonly part: string;
  readonly offset: number;
  readonly length: number;
}

/** Whether all of a stripe has come. It is gone on with where it was cut, as long as something of the image comes. */
async function bringOne(fleet: Fleet, stripe: Stripe, listener: StripesListener): Promise<boolean> {
  const before = listener.received;
  const came = await orderOne(fleet, stripe, (bytes) => listener.arrived(bytes));
  if (came === stripe.length) return true;
  if (listener.received === before) return false;
  listener.again();
  const rest = { offset: stripe.offset + came, length: stripe.length - came };
  return bringOne(fleet, { ...stripe, ...rest }, listener);
}

/** How many bytes of a stripe have come, from its first on. */
function orderOne(fleet: Fleet, stripe: Stripe, onBytes: (bytes: number) => void): Promise<number> {
  return new Promise((resolve) => {
    let came = 0;
    fleet.give({ kind: 'stripe', ...stripe, expected: stripe.length }, 0, ({ bytes, isLast }) => {
      came += bytes;
      if (bytes > 0) onBytes(bytes);
      if (isLast) resolve(came);
    });
  });
}
