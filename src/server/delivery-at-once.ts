import type { OpenImage } from '../catalog';
import { dataFrame, deliveryFrame, endFrame, hashFor, readSome, type Range } from './delivery-frames';
import type { Exchange } from './exchange';

/** A delivery that lies in memory. Exactly one of the two is to be called. */
export interface PreparedDelivery {
  send(): void;
  discard(): void;
}

export function fitsOneWrite({ context }: Exchange, { length }: Range): boolean {
  return length <= Math.min(context.buffers.largest, context.limits.data);
}

/** A small image costs one read and one write. */
export async function prepareDelivery(
  exchange: Exchange,
  image: OpenImage,
  range: Range,
): Promise<PreparedDelivery> {
  const { context, outlet, request } = exchange;
  const buffer = context.buffers.take(range.length);
  const giveBack = () => context.buffers.giveBack(buffer);
  try {
    const bytes = await fill(image, buffer.subarray(0, range.length), range.offset);
    const end = await endFrame(exchange, image, range, hashFor(image, range)?.update(bytes));
    const send = () => {
      outlet.write([deliveryFrame(request.id, image, range), ...dataFrame(request.id, bytes), end], giveBack);
      request.sentBytes = range.length;
    };
    return { send, discard: giveBack };
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function fill(image: OpenImage, target: Buffer, offset: number): Promise<Buffer> {
  for (let done = 0; done < target.length;) {
    done += await readSome(image, target, done, target.length - done, offset + done);
  }
  return target;
}
