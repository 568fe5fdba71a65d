import type { Readable } from 'node:stream';
import { describeCause } from '../../errors';
import { Gate } from '../../pace';
import { GLANCE, PATIENCE, persist, type Patience } from './attempts';
import { BrokenAnswer, kindOf } from './failure';
import { digestIn, stateOf, type ObjectState } from './object-state';
import type { Place } from './place';
import type { Sdk } from './sdk';

/** Requests for objects at once; others wait in line, so that a flood of clients is not one of connections. */
export const MOST_REQUESTS = 64;
/** Lists and checks have sockets of their own, or a check could fail because of the line. */
export const MOST_SOCKETS = MOST_REQUESTS + 16;
/** Keys of one page of a list: no store gives more. */
const PAGE = 1000;
/** The name under which uploaders leave a SHA-256 in an object's metadata: x-amz-meta-sha256. */
const SHA256 = 'sha256';

export interface Part {
  readonly from: number;
  readonly length: number;
}

/** Bytes of an object, and the state that they belong to. */
export interface Piece {
  readonly state: ObjectState;
  readonly from: number;
  readonly bytes: Buffer;
}

export interface ListedKey {
  /** Undefined: it is not valid Unicode. */
  readonly key: string | undefined;
  readonly state: ObjectState | undefined;
}

export interface KeyPage {
  readonly keys: readonly ListedKey[];
  /** The last key, if there may be more after it. */
  readonly next: string | undefined;
}

export interface GetOptions {
  /** The object's ETag: of another state, nothing is read. */
  readonly ifMatch?: string | undefined;
  /** Where the bytes go; default: new memory. */
  readonly target?: Buffer | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The requests to one bucket. Names are keys without the prefix. They reject with what the SDK throws; see `failure`. */
export class Bucket {
  readonly #sdk: Sdk;
  readonly #client: InstanceType<Sdk['S3Client']>;
  readonly #place: Place;
  readonly #keysPerPage: number;
  readonly #gate = new Gate(MOST_REQUESTS);

  constructor(sdk: Sdk, client: InstanceType<Sdk['S3Client']>, place: Place, keysPerPage = PAGE) {
    this.#sdk = sdk;
    this.#client = client;
    this.#place = place;
    this.#keysPerPage = keysPerPage;
  }

  /**
   * Reads a part of an object: fewer bytes at its end, and none behind it. The state and the bytes come in one answer, so
   * they belong together.
   */
  async get(name: string, part: Part, options: GetOptions = {}): Promise<Piece> {
    try {
      return await this.#gate.run(() => this.#get(name, part, options));
    } catch (error) {
      // Of an empty object, or behind the end of any, there is no range.
      if (kindOf(error) !== 'range') throw error;
      const { state } = await this.head(name);
      if (part.from < state.size) throw error;
      return { state, from: part.from, bytes: Buffer.alloc(0) };
    }
  }

  #get(name: string, part: Part, { ifMatch, target, signal: over }: GetOptions): Promise<Piece> {
    const last = part.from + part.length - 1;
    const command = { ...this.#object(name), Range: `bytes=${part.from}-${last}`, IfMatch: ifMatch };
    return persist(
      async (signal, progress) => {
        const answer = await this.#client.send(new this.#sdk.GetObjectCommand(command), {
          abortSignal: signal,
        });
        const body = answer.Body as Readable;
        try {
          progress();
          const state = stateOf(answer, sizeIn(answer, part.from));
          const length = Math.max(0, Math.min(part.length, state.size - part.from));
          const bytes = target?.subarray(0, length) ?? Buffer.allocUnsafe(length);
          await fill(bytes, body, signal, progress);
          return { state, from: part.from, bytes };
        } catch (error) {
          // A body that nobody reads would keep its connection for ever.
          body.destroy();
          throw error;
        }
      },
      PATIENCE,
      over,
    );
  }

  /** The state of an object, and the SHA-256 that S3 or an uploader claims, if there is one. */
  head(name: string): Promise<{ readonly state: ObjectState; readonly sha256: string | undefined }> {
    return this.#gate.run(() =>
      persist(async (signal) => {
        const command = new this.#sdk.HeadObjectCommand({ ...this.#object(name), ChecksumMode: 'ENABLED' });
        const answer = await this.#client.send(command, { abortSignal: signal });
        const { ChecksumSHA256, Metadata = {}, ContentLength } = answer;
        const sha256 = digestIn(ChecksumSHA256) ?? digestIn(Metadata[SHA256]);
        return { state: stateOf(answer, ContentLength), sha256 };
      }, PATIENCE),
    );
  }

  /** A page of the keys after `after`, in order of their bytes. */
  list(after: string | undefined, signal?: AbortSignal): Promise<KeyPage> {
    return this.#list(after, this.#keysPerPage, PATIENCE, signal);
  }

  /** Rejects if the bucket can't be listed. */
  async look(): Promise<void> {
    await this.#list(undefined, 1, GLANCE);
  }

  close(): void {
    this.#client.destroy();
  }

  #list(after: string | undefined, most: number, patience: Patience, over?: AbortSignal): Promise<KeyPage> {
    const { bucket, prefix } = this.#place;
    const command = {
      Bucket: bucket,
      Prefix: prefix,
      StartAfter: after,
      MaxKeys: most,
      EncodingType: 'url',
    } as const;
    return persist(
      async (signal) => {
        const answer = await this.#client.send(new this.#sdk.ListObjectsV2Command(command), {
          abortSignal: signal,
        });
        const { Contents = [], IsTruncated, EncodingType } = answer;
        // Otherwise an answer that is not a list would pass for an empty bucket.
        if (IsTruncated === undefined) throw new BrokenAnswer('its answer is not a list');
        const keys = Contents.map((one) => listedKey(one, EncodingType === 'url'));
        const next = keys.findLast(({ key }) => key !== undefined)?.key;
        if (IsTruncated && (next === undefined || next === after))
          throw new BrokenAnswer('its list does not go on');
        return { keys, next: IsTruncated ? next : undefined };
      },
      patience,
      over,
    );
  }

  #object(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#place.prefix + name };
  }
}

/** Bytes of the whole object, from the headers of an answer with a part of it. */
function sizeIn(
  { ContentRange, ContentLength }: { ContentRange?: string | undefined; ContentLength?: number | undefined },
  from: number,
): number | undefined {
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange ?? '') ?? [];
  if (size !== undefined && Number(first) === from) return Number(size);
  // A store may answer with the whole object, but only from its start that is what was asked for.
  if (ContentRange === undefined && from === 0) return ContentLength;
  throw new BrokenAnswer('it answered with another range');
}

/** Fills `target` with exactly the bytes of `body`. */
function fill(target: Buffer, body: Readable, signal: AbortSignal, progress: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = 0;
    const abort = () => body.destroy(new BrokenAnswer('the request was given up'));
    body.once('error', (cause) => reject(cutOff(`it broke off: ${describeCause(cause)}`, cause)));
    body.once('end', () => {
      if (done === target.length) resolve();
    });
    body.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(cutOff(`it sent ${done} of ${target.length} bytes`));
    });
    body.on('data', (chunk: Buffer) => {
      progress();
      if (done + chunk.length > target.length)
        return void body.destroy(new BrokenAnswer('it sent too many bytes'));
      chunk.copy(target, done);
      done += chunk.length;
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

function cutOff(why: string, cause?: unknown): BrokenAnswer {
  return cause instanceof BrokenAnswer ? cause : new BrokenAnswer(why, { cause });
}

function listedKey(
  {
    Key,
    Size,
    ...facts
  }: { Key?: string | undefined; Size?: number | undefined; ETag?: string; LastModified?: Date },
  isEncoded: boolean,
): ListedKey {
  const key = Key === undefined || !isEncoded ? Key : decoded(Key);
  return { key, state: key === undefined ? undefined : stateOf(facts, Size) };
}

/** XML has no control characters, so keys come as in URLs, where a space may be `+`. */
function decoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', '%20'));
  } catch {
    return undefined;
  }
}
