import { CONNECTION_ID, HEADER_BYTES, MAX_REQUEST_ID, TABLE_LENGTH_BYTES } from './constants';
import { MessageType } from './message-type';
import type {
  ClientHello,
  Closing,
  Delivery,
  DigestsRequest,
  End,
  ErrorReply,
  FetchRequest,
  GetRequest,
  ImageEntry,
  ListRequest,
  NextGeneration,
  Page,
  Proof,
  ServerHello,
  StatRequest,
  WatchRequest,
  Working,
} from './messages';

const EMPTY = Buffer.alloc(0);

/** Writes a frame header into `target` at `at`. `length` is in bytes, without the header. */
export function writeHeader(target: Buffer, at: number, length: number, type: number, id: number): void {
  target.writeUInt32BE(length, at);
  target.writeUInt8(type, at + 4);
  target.writeUInt32BE(id, at + 5);
}

export function encodeHeader(length: number, type: number, id: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  writeHeader(header, 0, length, type, id);
  return header;
}

/** Leaves `room` bytes free after the frame. */
function encodeJson(type: number, id: number, message: object, room = 0): Buffer {
  if (id < 0 || id > MAX_REQUEST_ID) throw new RangeError(`Request id ${id} does not fit in 32 bits.`);
  const json = JSON.stringify(message);
  const length = Buffer.byteLength(json);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length + room);
  writeHeader(frame, 0, length, type, id);
  frame.write(json, HEADER_BYTES);
  return frame;
}

/** DELIVERY, and the header of the one DATA frame that follows it. */
function encodeDeliveryAtOnce(id: number, delivery: Delivery): Buffer {
  const frames = encodeJson(MessageType.DELIVERY, id, delivery, HEADER_BYTES);
  writeHeader(frames, frames.length - HEADER_BYTES, delivery.length, MessageType.DATA, id);
  return frames;
}

/** A PACK up to its images, of which `bytes` bytes follow. `table` is its table as JSON in UTF-8. */
function encodePackHead(id: number, table: string, bytes: number): Buffer {
  const length = Buffer.byteLength(table);
  const head = Buffer.allocUnsafe(HEADER_BYTES + TABLE_LENGTH_BYTES + length);
  writeHeader(head, 0, TABLE_LENGTH_BYTES + length + bytes, MessageType.PACK, id);
  head.writeUInt32BE(length, HEADER_BYTES);
  head.write(table, HEADER_BYTES + TABLE_LENGTH_BYTES);
  return head;
}

function encodeBytes(type: number, id: number, payload: Buffer): Buffer {
  return Buffer.concat([encodeHeader(payload.length, type, id), payload]);
}

/** One function per message, which returns its whole frame. Members that are undefined are omitted. */
export const encode = {
  /** Line ends mean nothing in JSON, but they make a line-based service answer, so that it can be recognized. */
  clientHello: (hello: ClientHello) =>
    encodeBytes(
      MessageType.HELLO,
      CONNECTION_ID,
      Buffer.from(`${JSON.stringify({ protocol: 'reso', ...hello })}\r\n\r\n`),
    ),
  serverHello: (hello: ServerHello) =>
    encodeJson(MessageType.HELLO, CONNECTION_ID, { protocol: 'reso', ...hello }),
  list: (id: number, request: ListRequest) => encodeJson(MessageType.LIST, id, request),
  stat: (id: number, request: StatRequest) => encodeJson(MessageType.STAT, id, request),
  get: (id: number, request: GetRequest) => encodeJson(MessageType.GET, id, request),
  digests: (id: number, request: DigestsRequest) => encodeJson(MessageType.DIGESTS, id, request),
  fetch: (id: number, request: FetchRequest) => encodeJson(MessageType.FETCH, id, request),
  watch: (id: number, request: WatchRequest) => encodeJson(MessageType.WATCH, id, request),
  cancel: (id: number) => encodeBytes(MessageType.CANCEL, id, EMPTY),
  ping: (id: number, payload: Buffer = EMPTY) => encodeBytes(MessageType.PING, id, payload),
  page: (id: number, page: Page) => encodeJson(MessageType.PAGE, id, page),
  image: (id: number, image: ImageEntry) => encodeJson(MessageType.IMAGE, id, image),
  delivery: (id: number, delivery: Delivery) => encodeJson(MessageType.DELIVERY, id, delivery),
  deliveryAtOnce: encodeDeliveryAtOnce,
  data: (id: number, bytes: Buffer) => encodeBytes(MessageType.DATA, id, bytes),
  packHead: encodePackHead,
  end: (id: number, end: End) => encodeJson(MessageType.END, id, end),
  proof: (id: number, proof: Proof) => encodeJson(MessageType.PROOF, id, proof),
  generation: (id: number, next: NextGeneration) => encodeJson(MessageType.GENERATION, id, next),
  pong: (id: number, payload: Buffer) => encodeBytes(MessageType.PONG, id, payload),
  error: (id: number, error: ErrorReply) => encodeJson(MessageType.ERROR, id, error),
  working: (id: number, working: Working) => encodeJson(MessageType.WORKING, id, working),
  closing: (closing: Closing) => encodeJson(MessageType.CLOSING, CONNECTION_ID, closing),
};
