import * as fs from 'node:fs';
import { access, lutimes, mkdir, readdir, realpath, rmdir, unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LARGE, NEW_FILE, prompt } from './prompt';

/**
 * The calls to the file system that are made once an image or more. Plain descriptors instead of FileHandle: these
 * cost less, and one that is forgotten is not closed behind our back by the garbage collector.
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

/** A promise only where another thread makes the call. */
export function openFile(path: string, flags: number): number | Promise<number> {
  return prompt.makeSoon(
    () => fs.openSync(path, flags, NEW_FILE),
    () => elsewhere.open(path, flags, NEW_FILE),
  );
}

/**
 * For descriptors that were opened or read from just now, so that the file system has answered and the attributes are
 * in memory: a trip to another thread would cost twenty times the call.
 */
export const statOpen = (fd: number) => fs.fstatSync(fd, { bigint: true });
export function statPath(path: string): Promise<fs.BigIntStats> {
  return prompt.make(
    () => fs.lstatSync(path, { bigint: true }),
    () => elsewhere.lstat(path, { bigint: true }),
  );
}

/**
 * What throws where the file at a path may not be read, for a while in which this process acts for nobody else. It gives a
 * promise only where another thread makes the call.
 */
export function readabilityCheck(): (path: string) => void | Promise<void> {
  // access(2) asks for the real user: of one who acts as another only opening tells.
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

/** What lies at `path`, no link followed; undefined if nothing does. */
export function statIfThere(path: string): Promise<fs.Stats | undefined> {
  return prompt.make(
    () => fs.lstatSync(path, { throwIfNoEntry: false }),
    () => elsewhere.lstat(path).catch(undefinedIfMissing),
  );
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** Bytes read, 0 at the end of the file. A promise only where another thread makes the call. */
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

/** Bytes written from `position` on: fewer than there are where the disk takes no more, without an error. */
export function writeFile(fd: number, buffers: readonly Buffer[], position: number): Promise<number> {
  const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const there = () => elsewhere.writev(fd, buffers, position).then((done) => done.bytesWritten);
  if (length >= LARGE) return there();
  return prompt.make(() => fs.writevSync(fd, buffers, position), there);
}

/** libuv before 1.52 cuts a time off after the microseconds, towards 1970; later ones do so after the nanoseconds. */
const CUTS_MICROSECONDS = /^1\.(?:\d|[1-4]\d|5[01])\./.test(process.versions.uv ?? '');

/**
 * A time in microseconds since 1970, as Node takes it. A negative number would mean now, and a Date has no more than
 * milliseconds: only text says what was before 1970. Half a microsecond is added where the cut takes it off again, for
 * a double may fall a fraction short.
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

/** The same for what lies at `path`, no link followed. */
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

/** Resolves when the disk has what was written to the file. Never made here: it waits for the disk by its nature. */
export function syncFile(fd: number): Promise<void> {
  return elsewhere.fsync(fd);
}

/** Throws unless files may be made in the folder at `path`, and given other names. */
export function checkWritable(path: string): Promise<void> {
  return prompt.make(
    () => fs.accessSync(path, IN_FOLDER),
    () => access(path, IN_FOLDER),
  );
}

const IN_FOLDER = fs.constants.W_OK | fs.constants.X_OK;

/** `path` with no link left in it. */
export function resolveLinks(path: string): Promise<string> {
  return prompt.make(
    () => fs.realpathSync.native(path),
    () => realpath(path),
  );
}

/** Not the folders above it. */
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

/** What lies in the folder at `path`, in no order. For small folders: all of it is read at once. */
export function namesIn(path: string): Promise<string[]> {
  return prompt.make(
    () => fs.readdirSync(path),
    () => readdir(path),
  );
}

/** For descriptors that were only read from: closing them waits for nothing, and can't have harmed anything. */
export function closeQuietly(fd: number): Promise<void> {
  try {
    fs.closeSync(fd);
  } catch {
    // It is closed all the same.
  }
  return Promise.resolve();
}
