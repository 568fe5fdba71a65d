import { ProtocolError, ResoError } from '../../errors';
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
} from '../../protocol';
import { about } from './check-answer';
import type { Channel } from './channel';
import type { Pool } from './pool';

/*
 * Whether a reply matches its request is checked where it is read: if it does not, one of the two was damaged in transit.
 * The connection is then closed, and the request is sent again on another one.
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

/** The server that something came from, by the address of a channel; undefined: any. */
export interface Home {
  at: string | undefined;
}

/**
 * Requests digests of an image, which the server may have to read first. With `home`, the version is that server's: another
 * one, which is asked only if there is no connection to it, gives those of whatever it has.
 */
export function askProof(pool: Pool, request: DigestsRequest, home?: Readonly<Home>): Promise<Proof> {
  const work = (channel: Channel) => {
    const isElsewhere = home !== undefined && home.at !== channel.address;
    const asked = isElsewhere ? { ...request, version: undefined } : request;
    return channel.request(
      MessageType.PROOF,
      (id) => encode.digests(id, asked),
      (payload) => checkProof(asked, parseProof(parseJson(payload)), channel.hello?.blockSize),
      request.name,
    );
  };
  return pool.request(work, { prefers: home?.at });
}

/** Throws BAD_MESSAGE if a proof is for a different state or different blocks than requested. */
function checkProof(request: DigestsRequest, proof: Proof, blockSize: number | undefined): Proof {
  const { name, version = proof.version, first = 0, count = 0 } = request;
  about(name, proof);
  const left = Math.ceil(proof.size / proof.blockSize) - first;
  const { length } = proof.blocks;
  const isAsked = proof.version === version && proof.first === first && proof.blockSize === blockSize;
  // Without at least one block, the caller would request the rest forever.
  if (isAsked && length <= Math.min(count, left) && (length > 0 || count === 0 || left === 0)) return proof;
  throw new ProtocolError('BAD_MESSAGE', 'The server sent digests of other blocks than requested.');
}

/**
 * Requests a page of the server's list, of the same server as the last one if it can be reached: `home` says which, and is
 * told. Throws BAD_MESSAGE.
 */
export async function askPage(pool: Pool, request: ListRequest, home: Home): Promise<Page> {
  const work = async (channel: Channel) => {
    let asked: Buffer = Buffer.alloc(0);
    const frame = (id: number) => {
      const encoded = encode.list(id, request);
      asked = encoded.subarray(HEADER_BYTES);
      return encoded;
    };
    const read = await channel.request(MessageType.PAGE, frame, (payload) => readPage(payload, asked));
    home.at = channel.address;
    return read;
  };
  return (await pool.request(work, { prefers: home.at }))();
}

/** Without a check, a damaged page can't be distinguished from a faulty server. */
function readPage(payload: Buffer, asked: Buffer): () => Page {
  const fields = parseJson(payload);
  if (fields['check'] === undefined) return () => parsePage(fields);
  const page = parsePage(fields);
  if (page.check !== pageCheck(asked, page)) {
    throw new ProtocolError('BAD_MESSAGE', 'A page of the list does not match the request, or is damaged.');
  }
  return () => page;
}

/** Requests the digest of an image, and of `count` of its blocks from block `first` on. */
export type AskDigests = (name: string, blocks?: { first: number; count: number }) => Promise<Proof>;

export interface WatchSettings {
  /** The server that the generation is of; is told which one answered. */
  readonly home: Home;
  /** Gives up with ABORTED. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to go on over another connection if this one is lost. */
  readonly isRepeated: boolean;
}

/** Waits until the server's generation is another one than `unless`. Throws UNSUPPORTED. */
export async function askNextGeneration(
  pool: Pool,
  unless: string,
  { home, signal, isRepeated }: WatchSettings,
): Promise<string> {
  const aborted = () => new ResoError('ABORTED', 'Interrupted.', { cause: signal?.reason });
  if (signal?.aborted) throw aborted();
  let cancel = () => undefined as void;
  let end = () => undefined as void;
  const isEnded = new Promise<never>((_, reject) => {
    end = () => {
      reject(aborted());
      cancel();
    };
  });
  signal?.addEventListener('abort', end);
  const work = async (channel: Channel) => {
    // It may have waited for a connection until now.
    if (signal?.aborted) return isEnded;
    const watch = channel.watch({ unless });
    ({ cancel } = watch);
    const generation = await watch.ended;
    home.at = channel.address;
    return generation;
  };
  const watching = pool.request(work, { isRepeated, prefers: home.at });
  try {
    return await Promise.race([watching, isEnded]);
  } finally {
    signal?.removeEventListener('abort', end);
  }
}
