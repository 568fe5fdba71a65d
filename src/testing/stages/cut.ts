import { setTimeout as pause } from 'node:timers/promises';
import { splitAt } from './split-at';

/** Milliseconds for the other side to read what it was sent: a reset discards what is still in this system's buffers. */
const GRACE = 50;

/** Throws once this many bytes have passed; with 0, before the first. Rejects when `signal` aborts. */
export async function* cut(
  bytes: AsyncIterable<Buffer>,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let left = after;
  for await (const chunk of splitAt(bytes, after)) {
    if (left > 0) yield chunk;
    left -= chunk.length;
    if (left > 0) continue;
    await pause(GRACE, undefined, { signal });
    throw new Error(`cut after ${after} bytes`);
  }
}
