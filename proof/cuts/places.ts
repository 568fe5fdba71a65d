import { HEADER_BYTES, MessageType } from '../../src/protocol';
import type { Cut, Direction } from './cutting-relay';

/** Bytes: what buffers on the way are multiples of. */
const BUFFER = 65_536;

/**
 * Where to cut a stream: at every byte of what is no image, and of each header; within image bytes at each border of
 * a frame or a buffer, and one to either side.
 */
export function placesIn(stream: Buffer, direction: Direction): Cut[] {
  const places = new Set<number>();
  for (let at = 0; at + HEADER_BYTES <= stream.length;) {
    const end = at + HEADER_BYTES + stream.readUInt32BE(at);
    const whole = stream[at + 4] === MessageType.DATA ? at + HEADER_BYTES : end;
    for (let place = at; place <= whole; place++) places.add(place);
    around(places, end);
    at = end;
  }
  for (let border = BUFFER; border < stream.length; border += BUFFER) around(places, border);
  const within = [...places].filter((place) => place >= 0 && place < stream.length);
  return within.sort((a, b) => a - b).map((after) => ({ direction, after }));
}

function around(places: Set<number>, border: number): void {
  for (const place of [border - 1, border, border + 1]) places.add(place);
}
