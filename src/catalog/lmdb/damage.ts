import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isTrustworthy } from './check';
import { noteOf } from './note';

// Of LMDB's own file format: two meta pages at the begin, each with a header of 24 bytes.
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

/** Throws, naming it, where a folder is in place of one of the files: LMDB would not survive all of that. */
export function refuseFolders(path: string): void {
  const folder = [path, lockOf(path), noteOf(path)].find(isFolder);
  if (folder === undefined) return;
  // As if it were opened. The lock file must not be: on closing it, this process would lose LMDB's locks.
  throw Object.assign(new Error('is a folder'), { code: 'EISDIR', syscall: 'open', path: folder });
}

/**
 * Moves a file aside that is no LMDB file, or one that was cut: LMDB maps its file into memory unseen, and would take
 * the whole process down with it. Whether this process has done so.
 */
export async function moveAsideIfDamaged(path: string, tables: readonly string[]): Promise<boolean> {
  const found = fileIdentity(path);
  if (found === undefined || isJustMade(path)) return false;
  if (!(await isDamaged(path)) && (await isTrustworthy(path, tables))) return false;
  return moveAside(path, found) || moveAsideIfDamaged(path, tables);
}

/** Moves the file of this identity aside; false where another process has done so. */
export function moveAside(path: string, identity: string): boolean {
  // All at once, and the file last: as soon as it is gone, others may make it anew, and then these are theirs.
  if (fileIdentity(path) !== identity) return false;
  removeBeside(path);
  renameSync(path, `${path}.damaged`);
  return true;
}

/** Whether there was a file that is gone now. What is left of it is removed: it must not be taken for the next one's. */
export function isGone(path: string): boolean {
  if (fileIdentity(path) !== undefined || !existsSync(noteOf(path))) return false;
  removeBeside(path);
  return true;
}

/** Which file lies at `path`. */
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

/** LMDB itself leaves an empty one, when it is killed early; once there is a note, there was more. */
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
  // Not before: another process may make it longer at any time.
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
