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

/** Where stalled bytes wait, and the signal that ends every wait. */
export interface Waits {
  readonly standstill: Standstill;
  readonly signal: AbortSignal;
}

/**
 * Applies all faults to the bytes, reading `bytes` only on demand. Offsets of damage and repetition count the bytes sent;
 * those of cuts and stalls count the bytes carried. Throws at a cut.
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
