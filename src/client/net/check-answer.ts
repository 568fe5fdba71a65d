import { ProtocolError } from '../../errors';
import type { Delivery, End, GetRequest } from '../../protocol';

/** Throws BAD_MESSAGE where `answer` names another image. */
export function about<T extends { readonly name?: string | undefined }>(name: string, answer: T): T {
  if (answer.name === undefined || answer.name === name) return answer;
  throw new ProtocolError('BAD_MESSAGE', 'The server answered for another image.', { image: name });
}

/** Throws BAD_MESSAGE or BAD_FRAME where a delivery is not the part, or of the state, of the image that was asked for. */
export function checkPart(request: GetRequest, delivery: Delivery): void {
  const { name, offset = 0, length = Infinity, version = delivery.version, sha256 } = request;
  about(name, delivery);
  const wanted = Math.min(length, delivery.size - offset);
  if (delivery.offset !== offset || delivery.length !== wanted) {
    throw new ProtocolError('BAD_FRAME', 'The server delivers another part of the image than was asked for.');
  }
  if (delivery.version === version && isSame(delivery.sha256, sha256)) return;
  throw new ProtocolError('BAD_FRAME', 'The server delivers the image in another state than was asked for.');
}

/** Throws BAD_FRAME where an END does not go with `sha256`, which was asked for, or told before. */
export function checkEnd(sha256: string | undefined, end: End): End {
  if (isSame(end.sha256, sha256)) return end;
  throw new ProtocolError('BAD_FRAME', 'The server gives an image two digests.');
}

/** What is not told contradicts nothing. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
