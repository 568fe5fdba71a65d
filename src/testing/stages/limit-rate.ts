import { setTimeout as pause } from 'node:timers/promises';
import { pieces } from './pieces';

/** Pieces are small enough for twenty per second. */
const PIECES_PER_SECOND = 20;

/** Passes this many bytes per second; unused time is not made up for. Rejects when `signal` aborts. */
export async function* limitRate(
  bytes: AsyncIterable<Buffer>,
  bytesPerSecond: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const size = Math.ceil(bytesPerSecond / PIECES_PER_SECOND);
  let due = 0;
  for await (const chunk of bytes) {
    for (const piece of pieces(chunk, size)) {
      due = Math.max(due, performance.now()) + (piece.length / bytesPerSecond) * 1000;
      await pause(due - performance.now(), undefined, { signal });
      yield piece;
    }
  }
}
