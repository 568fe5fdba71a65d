import { takeTurn, type ProvenState } from '../../catalog';
import { encode, parseFetch, parseJson, type WantedImage } from '../../protocol';
import { Pack, planPack } from '../delivery/pack';
import { errorReply, forbidden, getInstead, isAnother } from '../exchange/errors';
import type { Exchange } from '../exchange/exchange';
import { sayWorkingIfSlow } from '../exchange/working';

/**
 * Answers with packs of whole images. What can't be read immediately is left to GET, so that nothing here waits for a
 * disk. Where every image has to be waited for, those of a pack are read at the same time. `asked` is the payload of the
 * request.
 */
export function fetch(exchange: Exchange, asked: Buffer): Promise<Buffer> {
  return sayWorkingIfSlow(exchange, () => sendAll(exchange, asked));
}

async function sendAll(exchange: Exchange, asked: Buffer): Promise<Buffer> {
  const { context, turns, request } = exchange;
  await turns.wait(request);
  // Not parsed earlier: a waiting request stays in the bytes in which it arrived.
  const { images } = parseFetch(parseJson(asked));
  const send = context.catalog.readsAtOnce ? sendPack : sendPlannedPack;
  for (let told = 0; told < images.length;) {
    const waiting = turns.wait(request);
    if (waiting) await waiting;
    const turn = takeTurn();
    if (turn) await turn;
    await context.catalog.ready();
    request.throwIfCancelled();
    told += await send(exchange, images.slice(told));
  }
  return encode.end(request.id, {});
}

/** Sends a pack of the first of `images`. Returns how many images it covers. */
function sendPack(exchange: Exchange, images: readonly WantedImage[]): number {
  const { context, admit } = exchange;
  const { mayRead } = admit();
  const buffer = context.packs.take();
  const pack = new Pack(context.limits.pack, buffer);
  let told = 0;
  for (const image of images) {
    if (!pack.hasRoomFor(image.name)) break;
    const isAllowed = mayRead?.(image.name) ?? true;
    addTo(pack, exchange, image, () => readAtOnce(pack, exchange, image, isAllowed));
    told++;
  }
  write(exchange, pack, buffer);
  return told;
}

/** The same for images that are read at the same time. */
async function sendPlannedPack(exchange: Exchange, images: readonly WantedImage[]): Promise<number> {
  const { context, request, admit } = exchange;
  const { catalog, packs, limits } = context;
  const { mayRead } = admit();
  const names = images.map(({ name }) => name);
  const buffer = packs.take();
  try {
    const sizeOf = (name: string) => ((mayRead?.(name) ?? true) ? catalog.expectedSize(name) : undefined);
    const places = planPack(names, sizeOf, limits.pack, buffer);
    const reading = places.map((place, i) =>
      readTo(place, exchange, names[i]!, mayRead?.(names[i]!) ?? true),
    );
    const results = await Promise.allSettled(reading);
    request.throwIfCancelled();
    const pack = new Pack(limits.pack, buffer);
    results.forEach((result, i) =>
      addTo(pack, exchange, images[i]!, () => {
        if (result.status === 'rejected') throw result.reason;
        // What could not be read has left a gap.
        places[i]!.copy(pack.room!);
        return result.value;
      }),
    );
    write(exchange, pack, buffer);
    return places.length;
  } catch (error) {
    if (buffer) packs.giveBack(buffer);
    throw error;
  }
}

function write({ context, outlet, request }: Exchange, pack: Pack, buffer: Buffer | undefined): void {
  request.sentBytes += pack.bytes;
  const giveBack = () => void (buffer && context.packs.giveBack(buffer));
  outlet.write(pack.frame(request.id), pack.needsBuffer ? giveBack : undefined);
  if (!pack.needsBuffer) giveBack();
}

/** `find` returns the state of the image whose bytes it has put into the pack's room, or throws. */
function addTo(pack: Pack, exchange: Exchange, { name, sha256 }: WantedImage, find: () => ProvenState): void {
  try {
    const image = find();
    if (sha256 !== undefined && sha256 !== image.sha256) throw isAnother(name);
    pack.addImage(name, image);
    exchange.told(name, 'OK');
  } catch (error) {
    const { code, message } = errorReply(error);
    pack.add({ name, code, message });
    exchange.told(name, code);
  }
}

function readAtOnce(
  pack: Pack,
  { context, refusal }: Exchange,
  { name }: WantedImage,
  isAllowed: boolean,
): ProvenState {
  if (!isAllowed) throw forbidden(name);
  const refused = refusal();
  if (refused) throw refused;
  const image = pack.room && context.catalog.readAtOnce(name, pack.room);
  if (!image) throw getInstead(name);
  return image;
}

async function readTo(
  place: Buffer | undefined,
  { context, refusal }: Exchange,
  name: string,
  isAllowed: boolean,
): Promise<ProvenState> {
  if (!isAllowed) throw forbidden(name);
  const refused = refusal();
  if (refused) throw refused;
  const image = place && (await context.catalog.readWhole(name, place));
  if (!image) throw getInstead(name);
  return image;
}
