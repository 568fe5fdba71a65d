import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../errors';
import { isTrustworthy } from './lmdb-check';

// Of LMDB's own file format: two meta pages at the begin, each with a header of 24 bytes.
const PAGE_SIZE_AT = 48;
const FLAGS_AT = 18;
const MAGIC_AT = 24;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const META_FLAG = 0x08;
const MAGIC = 0xbeefc0de;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/**
 * Moves a file aside that is no LMDB file, or one that was cut: LMDB maps its file into memory unseen, and would take
 * the whole process down with it.
 */
export async function moveAsideIfDamaged(path: string, tables: readonly string[]): Promise<boolean> {
  if (!(await isThere(path))) return false;
  if (!(await isDamaged(path)) && (await isTrustworthy(path, tables))) return false;
  await moveAside(path);
  return true;
}

export async function moveAside(path: string): Promise<void> {
  await rename(path, `${path}.damaged`);
  await rm(`${path}-lock`, { force: true });
}

/** An empty one is made by LMDB itself, when it is killed early. */
async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).size > 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function isDamaged(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return !(await isWhole(file, size));
  } finally {
    await file.close();
  }
}

async function isWhole(file: FileHandle, size: number): Promise<boolean> {
  const first = await readMeta(file, 0);
  const second = first && (await readMeta(file, first.pageSize));
  if (!first || !second) return false;
  const latest = first.transaction > second.transaction ? first : second;
  return BigInt(size) >= (latest.lastPage + 1n) * BigInt(latest.pageSize);
}

async function readMeta(file: FileHandle, position: number): Promise<Meta | undefined> {
  const page = Buffer.alloc(META_BYTES);
  const { bytesRead } = await file.read(page, 0, META_BYTES, position);
  if (bytesRead < META_BYTES) return undefined;
  const pageSize = page.readUInt32LE(PAGE_SIZE_AT);
  const isMeta = (page.readUInt16LE(FLAGS_AT) & META_FLAG) !== 0 && page.readUInt32LE(MAGIC_AT) === MAGIC;
  if (!isMeta || pageSize < META_BYTES) return undefined;
  return {
    pageSize,
    lastPage: page.readBigUInt64LE(LAST_PAGE_AT),
    transaction: page.readBigUInt64LE(TRANSACTION_AT),
  };
}
