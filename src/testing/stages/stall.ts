import { splitAt } from './split-at';

/** Waits once, after this many bytes have passed, whether or not more come. */
export async function* stall(
  bytes: AsyncIterable<Buffer>,
  after: number,
  wait: () => Promise<void>,
): AsyncGenerator<Buffer> {
  let left = after;
  if (left === 0) await wait();
  for await (const chunk of splitAt(bytes, after)) {
    yield chunk;
    left -= chunk.length;
    if (left === 0) await wait();
  }
}
