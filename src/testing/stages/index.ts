import type { Faults } from '../faults';
import type { Standstill } from '../standstill';
import { coalesce } from './coalesce';
import { cut } from './cut';
import { flip } from './flip';
import { limitRate } from './limit-rate';
import { replayBytes } from './replay-bytes';
import { replayFrame } from './replay-frame';
import { split } from './split';
import { stall } from './stall';

/** Where stalled bytes wait, and what ends every wait. */
export interface Waits {
  readonly standstill: Standstill;
  readonly signal: AbortSignal;
}

/**
 * The bytes with all that the faults do to them, taken from `bytes` only as they are asked for. What is damaged or
 * comes again is counted in the bytes that were sent; what cuts and stalls, in those that are carried. Throws at a cut.
 */
export function withFaults(
  bytes: AsyncIterable<Buffer>,
  { flipAt, replay, coalesce: together, split: apart, bytesPerSecond, stallAfter, cutAfter }: Faults,
  { standstill, signal }: Waits,
): AsyncIterable<Buffer> {
  let carried = bytes;
  if (flipAt !== undefined) carried = flip(carried, flipAt);
  if (replay !== undefined) {
    carried = 'frame' in replay ? replayFrame(carried, replay.frame) : replayBytes(carried, replay);
  }
  if (together !== undefined) carried = coalesce(carried, together);
  if (apart !== undefined) carried = split(carried, apart);
  if (bytesPerSecond !== undefined) carried = limitRate(carried, bytesPerSecond, signal);
  if (stallAfter !== undefined) carried = stall(carried, stallAfter, () => standstill.wait(signal));
  if (cutAfter !== undefined) carried = cut(carried, cutAfter, signal);
  return carried;
}
