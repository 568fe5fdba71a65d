/** Splits a chunk into pieces of `size` bytes; the last may be shorter. They share its memory. */
export function* pieces(chunk: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size);
}
