import type { ReplayedBytes } from '../faults';
import { splitAt } from './split-at';

/** Keeps a copy of some bytes and passes them again once `at` bytes have passed. */
export async function* replayBytes(
  bytes: AsyncIterable<Buffer>,
  { from, to, at = to }: ReplayedBytes,
): AsyncGenerator<Buffer> {
  const kept: Buffer[] = [];
  let carried = 0;
  for await (const chunk of splitAt(bytes, at)) {
    const [first, last] = [Math.max(0, from - carried), Math.max(0, to - carried)];
    if (first < chunk.length && last > 0) kept.push(Buffer.from(chunk.subarray(first, last)));
    carried += chunk.length;
    yield chunk;
    if (carried === at) yield* kept.splice(0);
  }
}
