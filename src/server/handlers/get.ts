import type { OpenImage } from '../../catalog';
import { ProtocolError } from '../../errors';
import type { GetRequest } from '../../protocol';
import { fitsOneWrite, prepareDelivery, type PreparedDelivery } from '../delivery-at-once';
import { deliverInPieces } from '../delivery-in-pieces';
import type { Range } from '../delivery-frames';
import type { Exchange } from '../exchange';
import { sayWorking } from '../working';

/**
 * Writes the whole delivery, END included; whoever calls tells the client of errors. A small image is made ready
 * while others are still being sent; a large one is opened anew when its turn has come, so that no descriptor is held
 * for one that waits.
 */
export async function get(exchange: Exchange, message: GetRequest): Promise<void> {
  const prepared = await withImage(exchange, message, (image, range) => begin(exchange, image, range));
  if (prepared === 'delivered') return;
  await (prepared === 'too large' ? whenItsTurn(exchange, message) : sendPrepared(exchange, prepared));
}

async function begin(exchange: Exchange, image: OpenImage, range: Range) {
  if (fitsOneWrite(exchange, range)) return prepareDelivery(exchange, image, range);
  if (!exchange.turns.isFirst(exchange.request)) return 'too large';
  await exchange.turns.wait(exchange.request);
  await deliverInPieces(exchange, image, range);
  return 'delivered';
}

async function whenItsTurn(exchange: Exchange, message: GetRequest): Promise<void> {
  await exchange.turns.wait(exchange.request);
  await withImage(exchange, message, (image, range) => deliverInPieces(exchange, image, range));
}

async function sendPrepared(exchange: Exchange, prepared: PreparedDelivery): Promise<void> {
  try {
    await exchange.turns.wait(exchange.request);
  } catch (error) {
    prepared.discard();
    throw error;
  }
  prepared.send();
}

async function withImage<T>(
  exchange: Exchange,
  message: GetRequest,
  use: (image: OpenImage, range: Range) => Promise<T>,
): Promise<T> {
  const image = await exchange.context.catalog.open(message.name);
  try {
    await checkPrecondition(exchange, image, message);
    return await use(image, rangeOf(image, message));
  } finally {
    void image.close();
  }
}

async function checkPrecondition(exchange: Exchange, image: OpenImage, message: GetRequest): Promise<void> {
  const { version, sha256 } = message;
  if (version !== undefined && version !== image.version) throw isAnother(image);
  if (sha256 === undefined) return;
  if (sha256 !== (image.sha256 ?? (await hash(exchange, image)))) throw isAnother(image);
}

async function hash({ context, outlet, request }: Exchange, image: OpenImage): Promise<string> {
  const { name, version } = image;
  const { blockSize, catalog } = context;
  const query = { name, version, blockSize, first: 0, count: 0, signal: request.signal() };
  const { sha256 } = await sayWorking(context, outlet, request, (onProgress) =>
    catalog.digests({ ...query, onProgress }),
  );
  return sha256;
}

function isAnother({ name }: OpenImage): ProtocolError {
  return new ProtocolError('CHANGED', 'The image is not, or no longer, the one asked for.', { image: name });
}

function rangeOf({ name, size }: OpenImage, { offset = 0, length = size }: GetRequest): Range {
  if (offset > size) {
    throw new ProtocolError('BAD_RANGE', `The image has only ${size} bytes.`, { image: name });
  }
  return { offset, length: Math.min(length, size - offset) };
}
