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

/** `seconds` since 1970, as access and modification time. */
export function setTimes(fd: number, seconds: number): Promise<void> {
  return prompt.make(
    () => fs.futimesSync(fd, seconds, seconds),
    () => elsewhere.futimes(fd, seconds, seconds),
  );
}

/** The same for what lies at `path`, no link followed. */
export function setTimesAt(path: string, seconds: number): Promise<void> {
  return prompt.make(
    () => fs.lutimesSync(path, seconds, seconds),
    () => lutimes(path, seconds, seconds),
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
