import type { OpenImage } from '../../catalog';
import type { BufferPool } from '../../connection';
import type { Exchange } from '../exchange/exchange';
import { dataFrame, deliveryFrame, endFrame, hasChanged, hashFor, someBytes, type Range } from './frames';

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

/** Reads up to `wanted` bytes into `buffer`, which goes back to its pool if that fails. */
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

/** While the socket takes one buffer, the next is filled, unless memory is short. */
const MAX_IN_FLIGHT = 2;

/** The buffers of one delivery that the socket has not taken yet. */
export class InFlight {
  readonly #pool: BufferPool;
  #count = 0;
  #landed: (() => void) | undefined;

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  /** A buffer to fill, once the socket has taken enough of the previous ones. */
  async nextBuffer(wanted: number): Promise<Buffer> {
    while (this.#count >= this.#most) await new Promise<void>((resolve) => (this.#landed = resolve));
    return this.#pool.take(wanted);
  }

  get #most(): number {
    return this.#pool.isShort ? 1 : MAX_IN_FLIGHT;
  }

  /** `buffer` is passed to the socket; call the returned function when the socket no longer needs it. */
  launch(buffer: Buffer): () => void {
    this.#count++;
    return () => {
      this.#count--;
      this.#pool.giveBack(buffer);
      this.#landed?.();
      this.#landed = undefined;
    };
  }
}
