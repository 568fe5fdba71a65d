import * as fs from 'node:fs';
import { closeFile, openFile, removeFile, setTimes, syncFile, timeForNode, writeFile } from './calls';
import { LARGE, NEW_FILE, prompt } from './prompt';

export interface NewFile {
  readonly buffers: readonly Buffer[];
  /** Bytes in `buffers`. */
  readonly length: number;
  /** Access and modification time, in microseconds since 1970; default: now. */
  readonly mtime?: number;
  /** Finish only when the bytes are on the disk. */
  readonly durable?: boolean;
  /** Permissions, before the umask. Default: read and write for all. */
  readonly mode?: number;
}

const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
const NEW = O_WRONLY | O_CREAT | O_EXCL;
const CALLS = 4;

/**
 * Writes a new file. Checks how much each write took, because a full disk may take only a part without reporting an error.
 * If it fails after creating the file, it removes the file.
 */
export async function writeNewFile(path: string, file: NewFile): Promise<void> {
  const isForHere = !file.durable && file.length < LARGE;
  if (!isForHere || !prompt.attempt(() => writeNewFileHere(path, file), CALLS))
    await writeStepwise(path, file);
}

/**
 * The same in one go, in this thread: one wait instead of one per call. Returns false, and leaves nothing behind, if the
 * disk did not take everything. Ignores `durable`.
 */
export function writeNewFileHere(
  path: string,
  { buffers, length, mtime, mode = NEW_FILE }: NewFile,
): boolean {
  const fd = fs.openSync(path, NEW, mode);
  let isOpen = true;
  let isDone = false;
  try {
    if (length > 0 && writeHere(fd, buffers) < length) return false;
    if (mtime !== undefined) setTimesHere(fd, mtime);
    isOpen = false;
    fs.closeSync(fd);
    isDone = true;
  } finally {
    if (isOpen) quietly(() => fs.closeSync(fd));
    if (!isDone) quietly(() => fs.unlinkSync(path));
  }
  return true;
}

/** Bytes written: fewer than given, without an error, if the disk is full. */
export function writeHere(fd: number, buffers: readonly Buffer[]): number {
  return buffers.length === 1 ? fs.writeSync(fd, buffers[0]!) : fs.writevSync(fd, buffers, 0);
}

function setTimesHere(fd: number, mtime: number): void {
  const time = timeForNode(mtime);
  fs.futimesSync(fd, time, time);
}

function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // The first failure is the one to report.
  }
}

async function writeStepwise(path: string, file: NewFile): Promise<void> {
  const fd = await openFile(path, NEW, file.mode);
  try {
    await writeAll(fd, file);
    if (file.mtime !== undefined) await setTimes(fd, file.mtime);
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
  if (written + rest.length !== length) throw new Error('its bytes are no longer in memory');
  for (let done = 0; done < rest.length;) {
    const more = await writeFile(fd, [rest.subarray(done)], written + done);
    if (more === 0) throw new Error('the disk accepts no more bytes');
    done += more;
  }
}

async function removeAfter(path: string, cause: unknown): Promise<never> {
  await removeFile(path).catch(() => undefined);
  throw cause;
}
