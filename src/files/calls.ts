import * as fs from 'node:fs';
import { access, lutimes, mkdir, readdir, realpath, rmdir, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LARGE, NEW_FILE, prompt } from './prompt';

/**
 * The file system calls that are made at least once per image. They take plain descriptors instead of FileHandle:
 * descriptors cost less, and the garbage collector does not close a forgotten one behind our back.
 */
const elsewhere = {
  open: promisify(fs.open) as (path: string, flags: number, mode: number) => Promise<number>,
  lstat: promisify(fs.lstat),
  read: promisify(fs.read),
  writev: promisify(fs.writev),
  futimes: promisify(fs.futimes),
  fsync: promisify(fs.fsync),
  close: promisify(fs.close),
  rename: promisify(fs.rename),
};

/** `mode` is that of a new file, before the umask. Returns a promise only if another thread makes the call. */
export function openFile(path: string, flags: number, mode = NEW_FILE): number | Promise<number> {
  return prompt.makeSoon(
    () => fs.openSync(path, flags, mode),
    () => elsewhere.open(path, flags, mode),
  );
}

/**
 * For descriptors that were just opened or read from: their attributes are in memory, so a trip to another thread would
 * cost twenty times as much as the call.
 */
export const statOpen = (fd: number) => fs.fstatSync(fd, { bigint: true });

/** Stats of whatever is at `path`, without following links. Returns a promise only if another thread makes the call. */
export function statPath(path: string): fs.BigIntStats | Promise<fs.BigIntStats> {
  return prompt.makeSoon(
    () => fs.lstatSync(path, { bigint: true }),
    () => elsewhere.lstat(path, { bigint: true }),
  );
}

/**
 * Returns a function that throws if the file at a path may not be read. Valid as long as the process does not change its
 * user. It returns a promise only if another thread makes the call.
 */
export function readabilityCheck(): (path: string) => void | Promise<void> {
  // access(2) checks the real user. If the effective user differs, only opening the file tells.
  return process.getuid?.() === process.geteuid?.() ? checkAccess : checkByOpening;
}

function checkAccess(path: string): void | Promise<void> {
  return prompt.makeSoon(
    () => fs.accessSync(path, fs.constants.R_OK),
    () => access(path, fs.constants.R_OK),
  );
}

async function checkByOpening(path: string): Promise<void> {
  await closeQuietly(await openFile(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK));
}

/** Stats of whatever is at `path`, without following links; undefined if nothing is there. */
export function statIfThere(path: string): Promise<fs.Stats | undefined> {
  return prompt.make(
    () => fs.lstatSync(path, { throwIfNoEntry: false }),
    () => elsewhere.lstat(path).catch(undefinedIfMissing),
  );
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Bytes read, 0 at the end of the file. Returns a promise only if another thread makes the call. */
export function readFile(
  fd: number,
  target: Buffer,
  offset: number,
  length: number,
  position: number,
): number | Promise<number> {
  const there = () => elsewhere.read(fd, target, offset, length, position).then((done) => done.bytesRead);
  if (length >= LARGE) return there();
  return prompt.makeSoon(() => fs.readSync(fd, target, offset, length, position), there);
}

/** Bytes written from `position` on: fewer than given, without an error, if the disk is full. */
export function writeFile(fd: number, buffers: readonly Buffer[], position: number): Promise<number> {
  const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const there = () => elsewhere.writev(fd, buffers, position).then((done) => done.bytesWritten);
  if (length >= LARGE) return there();
  return prompt.make(() => fs.writevSync(fd, buffers, position), there);
}

/** libuv before 1.52 truncates times to microseconds, towards 1970; later versions truncate to nanoseconds. */
const CUTS_MICROSECONDS = /^1\.(?:\d|[1-4]\d|5[01])\./.test(process.versions.uv ?? '');

/**
 * Converts a time in microseconds since 1970 to what Node accepts. A negative number would mean now, and a Date has only
 * milliseconds: times before 1970 must be passed as text. Half a microsecond is added where truncation removes it again,
 * because a double may be a fraction too small.
 */
export function timeForNode(mtime: number): number | string {
  if (mtime >= 0) return (mtime + 0.5) / 1e6;
  return String((CUTS_MICROSECONDS ? mtime - 0.5 : mtime + 0.5) / 1e6);
}

/** Access and modification time, in microseconds since 1970. */
export function setTimes(fd: number, mtime: number): Promise<void> {
  const time = timeForNode(mtime);
  return prompt.make(
    () => fs.futimesSync(fd, time, time),
    () => elsewhere.futimes(fd, time, time),
  );
}

/** The same for whatever is at `path`, without following links. */
export function setTimesAt(path: string, mtime: number): Promise<void> {
  const time = timeForNode(mtime);
  return prompt.make(
    () => fs.lutimesSync(path, time, time),
    () => lutimes(path, time, time),
  );
}

export function closeFile(fd: number): Promise<void> {
  return prompt.make(
    () => fs.closeSync(fd),
    () => elsewhere.close(fd),
  );
}

export function renameFile(from: string, to: string): Promise<void> {
  return prompt.make(
    () => fs.renameSync(from, to),
    () => elsewhere.rename(from, to),
  );
}

/** Resolves when the file's data is on the disk. Always runs on another thread, because it waits for the disk. */
export function syncFile(fd: number): Promise<void> {
  return elsewhere.fsync(fd);
}

/** Throws unless files may be created and renamed in the folder at `path`. */
export function checkWritable(path: string): Promise<void> {
  return prompt.make(
    () => fs.accessSync(path, IN_FOLDER),
    () => access(path, IN_FOLDER),
  );
}

const IN_FOLDER = fs.constants.W_OK | fs.constants.X_OK;

/** `path` with all links resolved. */
export function resolveLinks(path: string): Promise<string> {
  return prompt.make(
    () => fs.realpathSync.native(path),
    () => realpath(path),
  );
}

/** Does not create parent folders. */
export function makeFolder(path: string): Promise<void> {
  return prompt.make(
    () => fs.mkdirSync(path),
    () => mkdir(path),
  );
}

export function removeFolder(path: string): Promise<void> {
  return prompt.make(
    () => fs.rmdirSync(path),
    () => rmdir(path),
  );
}

export function removeFile(path: string): Promise<void> {
  return prompt.make(
    () => fs.unlinkSync(path),
    () => unlink(path),
  );
}

/** The names in the folder at `path`, in no particular order. For small folders: all are read at once. */
export function namesIn(path: string): Promise<string[]> {
  return prompt.make(
    () => fs.readdirSync(path),
    () => readdir(path),
  );
}

/** For descriptors that were only read from: closing them does not wait, and a failure does no harm. */
export function closeQuietly(fd: number): Promise<void> {
  try {
    fs.closeSync(fd);
  } catch {
    // It is closed anyway.
  }
  return Promise.resolve();
}
