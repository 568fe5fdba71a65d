import { FrameCursor } from './frame-cursor';

/** Passes the frame with this number twice in a row. Bytes that are not frames pass unchanged. */
export async function* replayFrame(bytes: AsyncIterable<Buffer>, number: number): AsyncGenerator<Buffer> {
  const cursor = new FrameCursor();
  const kept: Buffer[] = [];
  let current = 0;
  for await (const chunk of bytes) {
    let at = 0;
    while (at < chunk.length && current <= number && !cursor.isLost) {
      const part = chunk.subarray(at, at + cursor.take(chunk.subarray(at)));
      if (current === number && !cursor.isLost) kept.push(Buffer.from(part));
      at += part.length;
      yield part;
      if (cursor.atEnd && current++ === number) yield* kept.splice(0);
    }
    if (at < chunk.length) yield chunk.subarray(at);
  }
}
