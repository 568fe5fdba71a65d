import { ProtocolError } from '../errors';
import { about } from './about';
import type { Delivery, GetRequest } from '../protocol';

/** Throws BAD_MESSAGE or BAD_FRAME where a delivery is not the part of the image that was asked for. */
export function checkPart({ name, offset = 0, length = Infinity }: GetRequest, delivery: Delivery): void {
  about(name, delivery);
  const wanted = Math.min(length, delivery.size - offset);
  if (delivery.offset === offset && delivery.length === wanted) return;
  throw new ProtocolError('BAD_FRAME', 'The server delivers another part of the image than was asked for.');
}
