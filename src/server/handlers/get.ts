import { takeTurn, type ImageDigests, type OpenImage } from '../../catalog';
import { ProtocolError } from '../../errors';
import type { GetRequest } from '../../protocol';
import { fitsOneWrite, prepareDelivery, sendPrepared, type PreparedDelivery } from '../delivery/at-once';
import type { Range } from '../delivery/frames';
import { deliverInPieces } from '../delivery/in-pieces';
import { isAnother } from '../exchange/errors';
import type { Exchange } from '../exchange/exchange';
import { sayWorking, sayWorkingIfSlow } from '../exchange/working';

/** Writes the whole delivery, including END. The caller reports errors to the client. */
export function get(exchange: Exchange, message: GetRequest): Promise<void> {
  return sayWorkingIfSlow(exchange, () => deliver(exchange, message));
}

/**
 * A small image is read while others are still being sent. A large one is opened again when its turn comes, so that it holds
 * no descriptor while it waits.
 */
async function deliver(exchange: Exchange, message: GetRequest): Promise<void> {
  const { context, turns, request } = exchange;
  const turn = takeTurn();
  if (turn) await turn;
  let prepared: PreparedDelivery | undefined;
  const image = await context.catalog.open(message.name, message.offset);
  try {
    if (hasPrecondition(message)) await checkPrecondition(exchange, image, message);
    const range = rangeOf(image, message);
    if (fitsOneWrite(exchange, range)) prepared = await prepareDelivery(exchange, image, range);
    else if (turns.isFirst(request)) return await deliverWhenReady(exchange, image, range);
  } finally {
    void image.close();
  }
  try {
    const waiting = turns.wait(request);
    if (waiting) await waiting;
  } catch (error) {
    prepared?.giveBack();
    throw error;
  }
  if (prepared) sendPrepared(exchange, prepared);
  else await deliver(exchange, message);
}

async function deliverWhenReady(exchange: Exchange, image: OpenImage, range: Range): Promise<void> {
  await exchange.turns.wait(exchange.request);
  await deliverInPieces(exchange, image, range);
}

function hasPrecondition({ version, sha256 }: GetRequest): boolean {
  return version !== undefined || sha256 !== undefined;
}

async function checkPrecondition(exchange: Exchange, image: OpenImage, message: GetRequest): Promise<void> {
  const { version, sha256 } = message;
  if (version !== undefined && version !== image.version) throw isAnother(image.name);
  if (sha256 === undefined || sha256 === image.sha256) return;
  if (image.sha256 !== undefined || !(await hasDigest(exchange, image, sha256))) throw isAnother(image.name);
}

/** A claim may confirm a digest. It never refuses one: nobody would then get the image, and find out that the claim is wrong. */
async function hasDigest(exchange: Exchange, image: OpenImage, wanted: string): Promise<boolean> {
  let found = await digestOf(exchange, image, true);
  if (found.isClaimed && found.sha256 !== wanted) found = await digestOf(exchange, image);
  image.sha256 = found.sha256;
  image.isClaimed = found.isClaimed;
  return found.sha256 === wanted;
}

async function digestOf(
  { context, outlet, request }: Exchange,
  image: OpenImage,
  mayBeClaimed?: true,
): Promise<ImageDigests> {
  const { name, version } = image;
  const { blockSize, catalog } = context;
  const query = { name, version, blockSize, first: 0, count: 0, mayBeClaimed, signal: request.signal() };
  return sayWorking(context, outlet, request, (onProgress) => catalog.digests({ ...query, onProgress }));
}

function rangeOf({ name, size }: OpenImage, { offset = 0, length = size }: GetRequest): Range {
  if (offset > size) {
    throw new ProtocolError('BAD_RANGE', `The image has only ${size} bytes.`, { image: name });
  }
  return { offset, length: Math.min(length, size - offset) };
}
