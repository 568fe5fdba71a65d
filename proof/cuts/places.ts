import { HEADER_BYTES, MessageType, TABLE_LENGTH_BYTES } from '../../src/protocol';
import type { Cut, Direction } from './cutting-relay';

/** Buffers on the way are multiples of this many bytes. */
const BUFFER = 65_536;

/**
 * Where to cut a stream: at every byte outside image data, and of each header; within image data at each frame or buffer
 * boundary, and one byte to either side.
 */
export function placesIn(stream: Buffer, direction: Direction): Cut[] {
  const places = new Set<number>();
  for (let at = 0; at + HEADER_BYTES <= stream.length;) {
    const end = at + HEADER_BYTES + stream.readUInt32BE(at);
    for (let place = at; place <= imagesIn(stream, at, end); place++) places.add(place);
    around(places, end);
    at = end;
  }
  for (let border = BUFFER; border < stream.length; border += BUFFER) around(places, border);
  const within = [...places].filter((place) => place >= 0 && place < stream.length);
  return within.sort((a, b) => a - b).map((after) => ({ direction, after }));
}

/** Where the image bytes of the frame from `at` to `end` begin; `end` if it has none. */
function imagesIn(stream: Buffer, at: number, end: number): number {
  const payload = at + HEADER_BYTES;
  if (stream[at + 4] === MessageType.DATA) return payload;
  return stream[at + 4] === MessageType.PACK
    ? payload + TABLE_LENGTH_BYTES + stream.readUInt32BE(payload)
    : end;
}

function around(places: Set<number>, border: number): void {
  for (const place of [border - 1, border, border + 1]) places.add(place);
}
