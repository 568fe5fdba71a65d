import { hash } from 'node:crypto';
import type { StoredState } from '../image-store';
import { BrokenAnswer } from './failure';

/** What S3 says about an object, in a list or in the headers of an answer. */
export interface ObjectFacts {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

export interface ObjectState extends StoredState {
  /** As S3 wrote it, for If-Match. */
  readonly etag: string;
}

const MICROSECONDS = 1_000_000;
/** Longest tag that becomes part of a version as it is. That of an MD5 has 32 characters, of a multipart upload a few more. */
const LONGEST_TAG = 96;
const PRINTABLE = /^[\x21-\x7e]+$/;

/** Throws BrokenAnswer if there is no ETag: without it, parts of two states could be mixed. */
export function stateOf(
  { ETag: etag, LastModified: at }: ObjectFacts,
  size: number | undefined,
): ObjectState {
  if (etag === undefined || etag === '' || size === undefined || !Number.isSafeInteger(size) || size < 0) {
    throw new BrokenAnswer('it answered without the ETag or the size of the object');
  }
  // Headers have no fractions of a second, lists have: both must give the same time.
  const seconds = Math.floor((at?.getTime() ?? 0) / 1000);
  return {
    size,
    mtime: seconds * MICROSECONDS,
    version: versionOf(etag, size),
    changedAt: seconds * 1000,
    etag,
  };
}

function versionOf(etag: string, size: number): string {
  const tag = etag.replaceAll('"', '');
  const isFit = tag.length <= LONGEST_TAG && PRINTABLE.test(tag);
  return `${isFit ? tag : hash('sha256', etag)}.${size.toString(36)}`;
}

/** A SHA-256 as people write it into an object's metadata, in hex or base64, as hex. */
export function digestIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  // The checksum of a multipart upload, which is one of its parts' checksums, ends in `-N`.
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : undefined;
}
