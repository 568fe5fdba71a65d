import type { OpenImage } from '../../catalog';
import type { Exchange } from '../exchange/exchange';
import { dataFrame, deliveryFrame, endFrame, hasChanged, hashFor, someBytes, type Range } from './frames';
import { InFlight } from './in-flight';

/** Sends DELIVERY, DATA and END. While the socket takes one buffer, the next is read. */
export async function deliverInPieces(exchange: Exchange, image: OpenImage, range: Range): Promise<void> {
  const { context, outlet, request } = exchange;
  const hash = hashFor(image, range);
  outlet.write([deliveryFrame(request.id, image, range)]);
  const flight = new InFlight(context.buffers);
  const end = range.offset + range.length;
  for (let position = range.offset; position < end;) {
    const wanted = Math.min(end - position, context.limits.data);
    const buffer = await flight.nextBuffer(wanted);
    const bytes = await readPiece(exchange, image, buffer, position, wanted);
    hash?.update(bytes);
    outlet.write(dataFrame(request.id, bytes), flight.launch(buffer));
    request.sentBytes += bytes.length;
    position += bytes.length;
  }
  if (!(await image.isUnchanged())) throw hasChanged(image);
  outlet.write([endFrame(exchange, image, range, hash)]);
}

/** What could be read of `wanted` bytes, in `buffer`, which goes back to its pool if that fails. */
async function readPiece(
  { context, request }: Exchange,
  image: OpenImage,
  buffer: Buffer,
  position: number,
  wanted: number,
): Promise<Buffer> {
  try {
    request.throwIfCancelled();
    const read = await image.read(buffer, 0, Math.min(buffer.length, wanted), position);
    request.throwIfCancelled();
    return buffer.subarray(0, someBytes(image, read));
  } catch (error) {
    context.buffers.giveBack(buffer);
    throw error;
  }
}
