import { ProtocolError } from '../errors';
import {
  encode,
  HEADER_BYTES,
  MessageType,
  pageCheck,
  parseImage,
  parseJson,
  parsePage,
  parseProof,
  type DigestsRequest,
  type ImageEntry,
  type ListRequest,
  type Page,
  type Proof,
} from '../protocol';
import { about } from './about';
import type { Pool } from './pool';

/*
 * What an answer is about is looked at where it is read: an answer to another question means that one of the two was
 * damaged on the way, so that the connection is given up, and the question asked again on another one.
 */

/** Asks the server for the state of an image. Throws NOT_FOUND. */
export function askState(pool: Pool, name: string): Promise<ImageEntry> {
  return pool.request((channel) =>
    channel.request(
      MessageType.IMAGE,
      (id) => encode.stat(id, { name }),
      (payload) => about(name, parseImage(parseJson(payload))),
      name,
    ),
  );
}

/** Asks the server for digests of an image, which it may have to read first. */
export function askProof(pool: Pool, request: DigestsRequest): Promise<Proof> {
  return pool.request((channel) =>
    channel.request(
      MessageType.PROOF,
      (id) => encode.digests(id, request),
      (payload) => about(request.name, parseProof(parseJson(payload))),
      request.name,
    ),
  );
}

/** Asks the server for a page of its list. Throws BAD_MESSAGE. */
export async function askPage(pool: Pool, request: ListRequest): Promise<Page> {
  const read = await pool.request((channel) => {
    let asked: Buffer = Buffer.alloc(0);
    const frame = (id: number) => {
      const encoded = encode.list(id, request);
      asked = encoded.subarray(HEADER_BYTES);
      return encoded;
    };
    return channel.request(MessageType.PAGE, frame, (payload) => readPage(payload, asked));
  });
  return read();
}

/** Without a check, a page that is damaged can't be told from a server that is wrong. */
function readPage(payload: Buffer, asked: Buffer): () => Page {
  const fields = parseJson(payload);
  if (fields['check'] === undefined) return () => parsePage(fields);
  const page = parsePage(fields);
  if (page.check !== pageCheck(asked, page)) {
    throw new ProtocolError('BAD_MESSAGE', 'A page of the list is not what was asked for, or is damaged.');
  }
  return () => page;
}
