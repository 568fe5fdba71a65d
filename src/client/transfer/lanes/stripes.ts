import type { GetRequest } from '../../../protocol';
import type { Fleet } from './fleet';
import type { Partial } from '../../disk/partial';
import type { Range } from '../../disk/ranges';
import type { News } from './order';

/** Most and fewest bytes in a stripe. */
const LONGEST = 4 * 1_048_576;
const SHORTEST = 1_048_576;
/** With at least this many missing bytes, an image comes in stripes. */
export const WORTH_STRIPES = 8 * 1_048_576;
/** Stripes per connection: the next one is requested while one arrives. */
const FOR_EACH_CONNECTION = 2;
/** At least this many stripes may be ahead of the one being hashed. */
const AHEAD = 10;

export interface StripesListener {
  /** Bytes of the image that have arrived. */
  readonly received: number;
  arrived(bytes: number): void;
  /** Called when a stripe was cut off and is resumed, or when no thread could begin it. */
  again(): void;
}

/** What to request, without the range. */
type StripedImage = Pick<GetRequest, 'name' | 'sha256' | 'version'>;

/**
 * Lets lanes download what `partial` lacks, each stripe written at its offset, and takes the stripes in in order. False if
 * a stripe did not arrive: the partial then has a gap there. Throws DISK.
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
  const share = Math.ceil((size - partial.present) / (fleet.connections * FOR_EACH_CONNECTION));
  const stripes = split(partial.gaps, Math.min(LONGEST, Math.max(SHORTEST, share)));
  const ahead: Promise<boolean>[] = [];
  let next = stripes.next();
  let isWhole = true;
  try {
    while (isWhole && !(next.done && ahead.length === 0)) {
      while (!next.done && ahead.length < mostAhead && fleet.hasRoom) {
        ahead.push(bringOne(fleet, { ...image, ...next.value, part }, partial, listener));
        next = stripes.next();
      }
      const first = ahead.shift();
      if (!first) await fleet.room();
      else isWhole = await first;
      await partial.takeIn();
    }
  } finally {
    // From here on nobody else may write to the part.
    await Promise.allSettled(ahead);
  }
  await partial.closeGap();
  return isWhole;
}

/** The gaps in stripes of at most `length` bytes. */
function* split(gaps: readonly Range[], length: number): Generator<Pick<Stripe, 'offset' | 'length'>> {
  for (const { start, end } of gaps)
    for (let offset = start; offset < end; offset += length)
      yield { offset, length: Math.min(length, end - offset) };
}

interface Stripe extends StripedImage {
  readonly part: string;
  readonly offset: number;
  readonly length: number;
}

/** Whether a whole stripe arrived. It is resumed where it was cut off, as long as the image makes progress. */
async function bringOne(
  fleet: Fleet,
  stripe: Stripe,
  partial: Partial,
  listener: StripesListener,
): Promise<boolean> {
  const before = listener.received;
  const came = await orderOne(fleet, stripe, listener);
  const rest = { offset: stripe.offset + came, length: stripe.length - came };
  if (came > 0) await partial.wrote({ start: stripe.offset, end: rest.offset });
  if (rest.length === 0) return true;
  if (listener.received === before) return false;
  listener.again();
  return bringOne(fleet, { ...stripe, ...rest }, partial, listener);
}

/** How many bytes of a stripe arrived, from its start. */
function orderOne(fleet: Fleet, stripe: Stripe, listener: StripesListener): Promise<number> {
  return new Promise((resolve) => {
    let came = 0;
    const onNews = ({ bytes, isLast }: News) => {
      came += bytes;
      if (bytes > 0) listener.arrived(bytes);
      if (isLast) resolve(came);
    };
    fleet.give({ kind: 'stripe', ...stripe, expected: stripe.length }, 0, onNews, () => listener.again());
  });
}
