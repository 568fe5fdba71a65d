import { createHash, type Hash } from 'node:crypto';
import type { OpenImage } from '../catalog';
import { ProtocolError } from '../errors';
import { encode, encodeHeader, MessageType } from '../protocol';
import type { Exchange } from './exchange';

/** Bytes of an image. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

export function deliveryFrame(
  id: number,
  { name, size, mtime, version, sha256 }: OpenImage,
  range: Range,
): Buffer {
  return encode.delivery(id, { name, size, mtime, version, sha256, ...range });
}

/** Header and payload, without copying the bytes. */
export function dataFrame(id: number, bytes: Buffer): Buffer[] {
  return bytes.length === 0 ? [] : [encodeHeader(bytes.length, MessageType.DATA, id), bytes];
}

/** Nothing has been proven before this: the image must still be the one that was opened. */
export async function endFrame(
  { context, request }: Exchange,
  image: OpenImage,
  range: Range,
  hash?: Hash,
): Promise<Buffer> {
  if (!(await image.isUnchanged())) throw hasChanged(image);
  request.throwIfCancelled();
  const hashed = hash?.digest('hex');
  if (hashed !== undefined) context.catalog.rememberDigest(image.name, image.version, hashed);
  const { name, version, size } = image;
  if (request.part) request.delivered = { name, version, size, ...range };
  return encode.end(request.id, { sha256: hashed ?? image.sha256 });
}

/** The whole image is hashed as it goes by, so that its END can prove it; unless its digest is known. */
export function hashFor({ sha256, size }: OpenImage, { length }: Range): Hash | undefined {
  return sha256 === undefined && length === size ? createHash('sha256') : undefined;
}

/** At least one byte; throws CHANGED if the image has none there any more. */
export async function readSome(
  image: OpenImage,
  target: Buffer,
  offset: number,
  length: number,
  position: number,
): Promise<number> {
  const bytes = await image.read(target, offset, length, position);
  if (bytes === 0) throw hasChanged(image);
  return bytes;
}

function hasChanged({ name }: OpenImage): ProtocolError {
  return new ProtocolError('CHANGED', 'The image changed while it was sent.', { image: name });
}
