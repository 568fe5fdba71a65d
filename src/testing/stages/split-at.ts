/** The bytes as they come; a chunk that spans `place` is split there. */
export async function* splitAt(bytes: AsyncIterable<Buffer>, place: number): AsyncGenerator<Buffer> {
  let carried = 0;
  for await (const chunk of bytes) {
    const at = place - carried;
    carried += chunk.length;
    if (at <= 0 || at >= chunk.length) yield chunk;
    else yield* [chunk.subarray(0, at), chunk.subarray(at)];
  }
}
