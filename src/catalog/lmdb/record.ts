import { createHash, hash as hashAtOnce } from 'node:crypto';
import type { Facts } from '../../facts';
import type { BlockDigests } from '../digests/digest-store';

/** Characters of a seal. */
const SEAL_LENGTH = 16;

/** Proves that a record on disk is as it was written: the beginning of a SHA-256 over its parts. */
function seal(texts: readonly string[], bytes?: Buffer): string {
  let parts = '';
  for (const text of texts) parts += `${text.length}:${text}`;
  if (!bytes) return hashAtOnce('sha256', parts, 'hex').slice(0, SEAL_LENGTH);
  const hash = createHash('sha256').update(parts).update(`${bytes.length}:`).update(bytes);
  return hash.digest('hex').slice(0, SEAL_LENGTH);
}

/** Hexadecimal digits of a SHA-256. */
const SHA256_DIGITS = 64;

/** An image's digest as stored on disk: seal, SHA-256, version. */
export function formatDigest(name: string, version: string, sha256: string): string {
  return seal([name, version, sha256]) + sha256 + version;
}

/** The digest in a record, if the record is intact and of this version. */
export function parseDigest(record: unknown, name: string, version: string): string | undefined {
  if (typeof record !== 'string') return undefined;
  if (record.slice(SEAL_LENGTH + SHA256_DIGITS) !== version) return undefined;
  const sha256 = record.slice(SEAL_LENGTH, SEAL_LENGTH + SHA256_DIGITS);
  return record.startsWith(seal([name, version, sha256])) ? sha256 : undefined;
}

/** Facts as they lie on disk: seal, version, line end, JSON. */
export function formatFacts(name: string, version: string, facts: Facts): string {
  const json = JSON.stringify(facts);
  return `${seal([name, version, json])}${version}\n${json}`;
}

/** The facts in a record, if it is whole and of this version. They were checked before they were stored. */
export function parseFactsRecord(record: unknown, name: string, version: string): Facts | undefined {
  if (typeof record !== 'string' || !record.startsWith(`${version}\n`, SEAL_LENGTH)) return undefined;
  const json = record.slice(SEAL_LENGTH + version.length + 1);
  return record.startsWith(seal([name, version, json])) ? (JSON.parse(json) as Facts) : undefined;
}

export interface BlocksRecord extends BlockDigests {
  readonly version: string;
  readonly seal: string;
}

export function blocksRecord(
  name: string,
  version: string,
  { blockSize, bytes }: BlockDigests,
): BlocksRecord {
  return { version, blockSize, bytes, seal: seal([name, version, String(blockSize)], bytes) };
}

/** The digests of blocks in a record, if the record is intact, of this version, and of this block size. */
export function parseBlocks(
  record: unknown,
  name: string,
  version: string,
  blockSize: number,
): Buffer | undefined {
  const { bytes, ...found } = (record ?? {}) as Partial<BlocksRecord>;
  if (!Buffer.isBuffer(bytes) || found.version !== version || found.blockSize !== blockSize) return undefined;
  return found.seal === seal([name, version, String(blockSize)], bytes) ? bytes : undefined;
}
