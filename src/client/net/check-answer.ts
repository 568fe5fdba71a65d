import { ProtocolError } from '../../errors';
import type { Delivery, End, GetRequest, NextGeneration, WatchRequest } from '../../protocol';

/** Throws BAD_MESSAGE if `answer` names another image. */
export function about<T extends { readonly name?: string | undefined }>(name: string, answer: T): T {
  if (answer.name === undefined || answer.name === name) return answer;
  throw new ProtocolError('BAD_MESSAGE', 'The server answered for another image.', { image: name });
}

/** Throws BAD_MESSAGE if a generation is the one that the client has. */
export function another({ unless }: WatchRequest, { generation }: NextGeneration): string {
  if (generation !== unless) return generation;
  throw new ProtocolError(
    'BAD_MESSAGE',
    'The server says that something has changed, but names the same state.',
  );
}

/** Throws BAD_MESSAGE or BAD_FRAME if a delivery is a different part or state of the image than requested. */
export function checkPart(request: GetRequest, delivery: Delivery): void {
  const { name, offset = 0, length = Infinity, version = delivery.version, sha256 } = request;
  about(name, delivery);
  const wanted = Math.min(length, delivery.size - offset);
  if (delivery.offset !== offset || delivery.length !== wanted) {
    throw new ProtocolError(
      'BAD_FRAME',
      'The server delivered a different part of the image than requested.',
    );
  }
  if (delivery.version === version && isSame(delivery.sha256, sha256)) return;
  throw new ProtocolError(
    'BAD_FRAME',
    'The server delivered a different version of the image than requested.',
  );
}

/** Throws BAD_FRAME if an END contradicts `sha256`, which was requested or given before. */
export function checkEnd(sha256: string | undefined, end: End): End {
  if (isSame(end.sha256, sha256)) return end;
  throw new ProtocolError('BAD_FRAME', 'The server sent two different digests of an image.');
}

/** A missing value contradicts nothing. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
