import { createHash, type Hash } from 'node:crypto';
import type { OpenImage } from '../../catalog';
import { ProtocolError } from '../../errors';
import { encode, encodeHeader, MessageType, type Delivery } from '../../protocol';
import { isAnother } from '../exchange/errors';
import type { Exchange } from '../exchange/exchange';

/** Bytes of an image. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

export function deliveryFrame(id: number, image: OpenImage, range: Range): Buffer {
  return encode.delivery(id, deliveryOf(image, range));
}

function deliveryOf({ name, size, mtime, version, sha256 }: OpenImage, { offset, length }: Range): Delivery {
  return { name, size, mtime, version, sha256, offset, length };
}

/** The complete delivery of `bytes`, which are the whole range, without copying them. */
export function deliveryFrames(
  id: number,
  image: OpenImage,
  range: Range,
  bytes: Buffer,
  end: Buffer,
): Buffer[] {
  if (bytes.length === 0) return [deliveryFrame(id, image, range), end];
  return [encode.deliveryAtOnce(id, deliveryOf(image, range)), bytes, end];
}

/** Header and payload, without copying the bytes. */
export function dataFrame(id: number, bytes: Buffer): Buffer[] {
  return bytes.length === 0 ? [] : [encodeHeader(bytes.length, MessageType.DATA, id), bytes];
}

/** Send it only after checking that the image is still the one that was opened: nothing is proven before this. */
export function endFrame(
  { context, request }: Exchange,
  image: OpenImage,
  range: Range,
  hash?: Hash,
): Buffer {
  request.throwIfCancelled();
  const hashed = hash?.digest('hex');
  const { name, version, size, sha256 = hashed } = image;
  if (hashed !== undefined) context.catalog.rememberDigest(name, version, hashed);
  if (hashed !== undefined && hashed !== sha256) throw isAnother(name);
  if (request.part) request.delivered = { name, version, size, ...range };
  return encode.end(request.id, { sha256 });
}

/** A whole image is hashed while it is sent, so that its END can prove it, unless its digest is known for certain. */
export function hashFor({ sha256, isClaimed, size }: OpenImage, { length }: Range): Hash | undefined {
  return (sha256 === undefined || isClaimed) && length === size ? createHash('sha256') : undefined;
}

/** Reads at least one byte; throws CHANGED if the image has become shorter. */
export function someBytes(image: OpenImage, read: number): number {
  if (read === 0) throw hasChanged(image);
  return read;
}

export function hasChanged({ name }: OpenImage): ProtocolError {
  return new ProtocolError('CHANGED', 'The image changed while it was being sent.', { image: name });
}
