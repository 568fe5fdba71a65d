import { takeTurn, type ProvenState } from '../../catalog';
import { encode, parseFetch, parseJson, type WantedImage } from '../../protocol';
import { Pack } from '../delivery/pack';
import { errorReply, forbidden, getInstead, isAnother } from '../exchange/errors';
import type { Exchange } from '../exchange/exchange';

/**
 * Answers with packs of whole images. What can't be read immediately is left to GET, so that nothing here waits for a
 * disk. `asked` is the payload of the request.
 */
export async function fetch(exchange: Exchange, asked: Buffer): Promise<Buffer> {
  const { context, turns, request } = exchange;
  await turns.wait(request);
  // Not parsed earlier: a waiting request stays in the bytes in which it arrived.
  const { images } = parseFetch(parseJson(asked));
  for (let told = 0; told < images.length;) {
    const waiting = turns.wait(request);
    if (waiting) await waiting;
    const turn = takeTurn();
    if (turn) await turn;
    await context.catalog.ready();
    request.throwIfCancelled();
    told += sendPack(exchange, images.slice(told));
  }
  return encode.end(request.id, {});
}

/** Sends a pack of the first of `images`. Returns how many images it covers. */
function sendPack(exchange: Exchange, images: readonly WantedImage[]): number {
  const { context, outlet, request, admit } = exchange;
  const { mayRead } = admit();
  const buffer = context.packs.take();
  const pack = new Pack(context.limits.pack, buffer);
  let told = 0;
  for (const image of images) {
    if (!pack.hasRoomFor(image.name)) break;
    addTo(pack, exchange, image, mayRead?.(image.name) ?? true);
    told++;
  }
  request.sentBytes += pack.bytes;
  const giveBack = () => void (buffer && context.packs.giveBack(buffer));
  outlet.write(pack.frame(request.id), pack.needsBuffer ? giveBack : undefined);
  if (!pack.needsBuffer) giveBack();
  return told;
}

function addTo(pack: Pack, exchange: Exchange, wanted: WantedImage, isAllowed: boolean): void {
  const { name } = wanted;
  try {
    if (!isAllowed) throw forbidden(name);
    pack.addImage(name, read(pack, exchange, wanted));
    exchange.told(name, 'OK');
  } catch (error) {
    const { code, message } = errorReply(error);
    pack.add({ name, code, message });
    exchange.told(name, code);
  }
}

function read(pack: Pack, { context, refusal }: Exchange, { name, sha256 }: WantedImage): ProvenState {
  const refused = refusal();
  if (refused) throw refused;
  const image = pack.room && context.catalog.readAtOnce(name, pack.room);
  if (!image) throw getInstead(name);
  if (sha256 !== undefined && sha256 !== image.sha256) throw isAnother(name);
  return image;
}
