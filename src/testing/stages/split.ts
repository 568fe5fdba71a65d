import { setImmediate as turn } from 'node:timers/promises';
import { pieces } from './pieces';

/** Passes pieces of at most `size` bytes, one per turn of the event loop, so that each is sent separately. */
export async function* split(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    for (const piece of pieces(chunk, size)) {
      yield piece;
      await turn();
    }
  }
}
