import { pieces } from './pieces';

/** Milliseconds of silence after which held bytes are passed on: the sender may be waiting for an answer. */
const QUIET = 20;

/** Holds chunks back until there are `size` bytes, which pass as one; a silence or the end passes on what there is. */
export async function* coalesce(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]();
  let held: Buffer[] = [];
  let length = 0;
  for (;;) {
    const next = source.next();
    if (length > 0 && !(await settlesSoon(next))) {
      yield Buffer.concat(held);
      [held, length] = [[], 0];
    }
    const { done, value } = await next;
    if (done) break;
    held.push(value);
    length += value.length;
    if (length < size) continue;
    const whole = Buffer.concat(held);
    const rest = length % size;
    yield* pieces(whole.subarray(0, length - rest), size);
    [held, length] = rest > 0 ? [[whole.subarray(length - rest)], rest] : [[], 0];
  }
  if (length > 0) yield Buffer.concat(held);
}

/** Whether the promise settles before a silence; the caller checks how it settled. */
async function settlesSoon(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, QUIET, false)));
  const settled = promise.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
