/** Flips the lowest bit of the byte at this offset. */
export async function* flip(bytes: AsyncIterable<Buffer>, place: number): AsyncGenerator<Buffer> {
  let carried = 0;
  for await (const chunk of bytes) {
    const at = place - carried;
    if (at >= 0 && at < chunk.length) chunk[at]! ^= 1;
    carried += chunk.length;
    yield chunk;
  }
}
