import * as fs from 'node:fs';
import { closeFile, openFile, removeFile, setTimes, syncFile, timeForNode, writeFile } from './calls';
import { LARGE, NEW_FILE, prompt } from './prompt';

export interface NewFile {
  readonly buffers: readonly Buffer[];
  /** Bytes in `buffers`. */
  readonly length: number;
  /** Microseconds since 1970: the time of access and of modification. */
  readonly mtime: number;
  /** Only done once the disk has the bytes. */
  readonly durable: boolean;
}

const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
const NEW = O_WRONLY | O_CREAT | O_EXCL;
const CALLS = 4;

/**
 * Writes a file that is not there yet. What a write takes is looked at: a full disk may take a part of it and report no
 * error. Where it fails once the file is there, that is removed again.
 */
export async function writeNewFile(path: string, file: NewFile): Promise<void> {
  const isForHere = !file.durable && file.length < LARGE;
  if (!isForHere || !prompt.attempt(() => writeNewFileHere(path, file), CALLS))
    await writeStepwise(path, file);
}

/**
 * The same in one go, and in this thread: one wait instead of one a call. False where the disk did not take all, and
 * nothing is left then. Not for `durable`.
 */
export function writeNewFileHere(path: string, { buffers, length, mtime }: NewFile): boolean {
  const fd = fs.openSync(path, NEW, NEW_FILE);
  let isOpen = true;
  let isDone = false;
  try {
    if (length > 0 && writeHere(fd, buffers) < length) return false;
    const time = timeForNode(mtime);
    fs.futimesSync(fd, time, time);
    isOpen = false;
    fs.closeSync(fd);
    isDone = true;
  } finally {
    if (isOpen) quietly(() => fs.closeSync(fd));
    if (!isDone) quietly(() => fs.unlinkSync(path));
  }
  return true;
}

/** Bytes written: fewer than there are where the disk takes no more, without an error. */
export function writeHere(fd: number, buffers: readonly Buffer[]): number {
  return buffers.length === 1 ? fs.writeSync(fd, buffers[0]!) : fs.writevSync(fd, buffers, 0);
}

function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // What failed before is what is to be told.
  }
}

async function writeStepwise(path: string, file: NewFile): Promise<void> {
  const fd = await openFile(path, NEW);
  try {
    await writeAll(fd, file);
    await setTimes(fd, file.mtime);
    if (file.durable) await syncFile(fd);
  } catch (cause) {
    await closeFile(fd).catch(() => undefined);
    await removeAfter(path, cause);
  }
  await closeFile(fd).catch((cause: unknown) => removeAfter(path, cause));
}

async function writeAll(fd: number, { buffers, length }: NewFile): Promise<void> {
  if (length === 0) return;
  const written = await writeFile(fd, buffers, 0);
  if (written === length) return;
  const rest = Buffer.concat(buffers).subarray(written);
  if (written + rest.length !== length) throw new Error('its bytes are not there any more');
  for (let done = 0; done < rest.length;) {
    const more = await writeFile(fd, [rest.subarray(done)], written + done);
    if (more === 0) throw new Error('the disk takes no more bytes');
    done += more;
  }
}

async function removeAfter(path: string, cause: unknown): Promise<never> {
  await removeFile(path).catch(() => undefined);
  throw cause;
}
