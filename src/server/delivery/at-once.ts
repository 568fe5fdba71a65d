import type { OpenImage } from '../../catalog';
import type { Exchange } from '../exchange/exchange';
import { deliveryFrames, endFrame, hasChanged, hashFor, someBytes, type Range } from './frames';

/** A delivery in memory. It must be sent, or its memory given back. */
export interface PreparedDelivery {
  readonly frames: readonly Buffer[];
  /** Bytes of image. */
  readonly bytes: number;
  giveBack(): void;
}

export function fitsOneWrite({ context }: Exchange, { length }: Range): boolean {
  return length <= Math.min(context.buffers.largest, context.limits.data);
}

/** A small image takes one read and shares a write with others. */
export async function prepareDelivery(
  exchange: Exchange,
  image: OpenImage,
  range: Range,
): Promise<PreparedDelivery> {
  const { context, request } = exchange;
  const buffer = context.buffers.take(range.length);
  const giveBack = () => context.buffers.giveBack(buffer);
  try {
    const bytes = buffer.subarray(0, range.length);
    for (let done = 0; done < bytes.length;) {
      done += someBytes(image, await image.read(bytes, done, bytes.length - done, range.offset + done));
    }
    if (!(await image.isUnchanged())) throw hasChanged(image);
    const end = endFrame(exchange, image, range, hashFor(image, range)?.update(bytes));
    const frames = deliveryFrames(request.id, image, range, bytes, end);
    return { frames, bytes: bytes.length, giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}

export function sendPrepared(
  { outlet, request }: Exchange,
  { frames, bytes, giveBack }: PreparedDelivery,
): void {
  outlet.gather(frames, giveBack);
  request.sentBytes = bytes;
}
