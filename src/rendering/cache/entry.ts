import { hash } from 'node:crypto';
import { RENDITION_TYPES, type Rendition } from '../rendition';

/** Identifies this layout: any other counts as damaged. */
const MAGIC = Buffer.from('resoren1');
const DIGEST_BYTES = 32;
const META_LENGTH_AT = MAGIC.length + DIGEST_BYTES;
const BODY_LENGTH_AT = META_LENGTH_AT + 4;
const META_AT = BODY_LENGTH_AT + 4;

/** A rendition as a file: a digest, two lengths, a description, the bytes. */
export function encodeEntry(key: string, { bytes, ...about }: Rendition): Buffer {
  // The key is included, so that a file under the wrong name is noticed.
  const meta = Buffer.from(JSON.stringify({ key, ...about }));
  const entry = Buffer.alloc(META_AT + meta.length + bytes.length);
  MAGIC.copy(entry);
  entry.writeUInt32LE(meta.length, META_LENGTH_AT);
  entry.writeUInt32LE(bytes.length, BODY_LENGTH_AT);
  meta.copy(entry, META_AT);
  bytes.copy(entry, META_AT + meta.length);
  digestOf(entry).copy(entry, MAGIC.length);
  return entry;
}

/** Undefined unless it is the complete entry of this key. */
export function decodeEntry(wantedKey: string, entry: Buffer): Rendition | undefined {
  if (entry.length < META_AT || !entry.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const bodyAt = META_AT + entry.readUInt32LE(META_LENGTH_AT);
  if (entry.length !== bodyAt + entry.readUInt32LE(BODY_LENGTH_AT)) return undefined;
  if (!entry.subarray(MAGIC.length, META_LENGTH_AT).equals(digestOf(entry))) return undefined;
  const { key, type, ...about } = JSON.parse(entry.toString('utf8', META_AT, bodyAt));
  if (key !== wantedKey || !RENDITION_TYPES.includes(type)) return undefined;
  return { type, ...about, bytes: entry.subarray(bodyAt) };
}

function digestOf(entry: Buffer): Buffer {
  return hash('sha256', entry.subarray(META_LENGTH_AT), 'buffer');
}
