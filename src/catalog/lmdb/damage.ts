import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isTrustworthy } from './check';
import { noteOf } from './note';

// LMDB's file format: two meta pages at the start, each with a header of 24 bytes.
const PAGE_SIZE_AT = 48;
const FLAGS_AT = 18;
const MAGIC_AT = 24;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const META_FLAG = 0x08;
const MAGIC = 0xbeefc0de;

/** Beside the file at `path`. */
export const lockOf = (path: string) => `${path}-lock`;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/** Throws if one of the files is a folder: LMDB would crash. */
export function refuseFolders(path: string): void {
  const folder = [path, lockOf(path), noteOf(path)].find(isFolder);
  if (folder === undefined) return;
  // The same error as when opening it. We don't open the lock file: closing it would release LMDB's locks.
  throw Object.assign(new Error('is a folder'), { code: 'EISDIR', syscall: 'open', path: folder });
}

/**
 * Moves the file aside if it is not an LMDB file or was truncated: LMDB maps it into memory unchecked, and the process
 * would crash. True if this process moved it.
 */
export async function moveAsideIfDamaged(path: string, tables: readonly string[]): Promise<boolean> {
  const found = fileIdentity(path);
  if (found === undefined || isJustMade(path)) return false;
  if (!(await isDamaged(path)) && (await isTrustworthy(path, tables))) return false;
  return moveAside(path, found) || moveAsideIfDamaged(path, tables);
}

/** Moves the file with this identity aside; false if another process did so. */
export function moveAside(path: string, identity: string): boolean {
  // The file goes last: once it is gone, another process may make a new one, and the files beside it are then its own.
  if (fileIdentity(path) !== identity) return false;
  removeBeside(path);
  renameSync(path, `${path}.damaged`);
  return true;
}

/** Whether there was a file that is gone now. Removes what is left beside it, which would not match the next one. */
export function isGone(path: string): boolean {
  if (fileIdentity(path) !== undefined || !existsSync(noteOf(path))) return false;
  removeBeside(path);
  return true;
}

/** The identity of the file at `path`. */
export function fileIdentity(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}.${stats.ino}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function removeBeside(path: string): void {
  rmSync(noteOf(path), { force: true });
  rmSync(lockOf(path), { force: true });
}

/** LMDB itself leaves an empty file when it is killed early; if there is a note, the file had contents. */
function isJustMade(path: string): boolean {
  return statSync(path).size === 0 && !existsSync(noteOf(path));
}

async function isDamaged(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    return !(await isWhole(file));
  } finally {
    await file.close();
  }
}

async function isWhole(file: FileHandle): Promise<boolean> {
  const first = await readMeta(file, 0);
  const second = first && (await readMeta(file, first.pageSize));
  if (!first || !second) return false;
  const latest = first.transaction > second.transaction ? first : second;
  // Not earlier: another process may extend it at any time.
  const { size } = await file.stat();
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
