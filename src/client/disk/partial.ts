import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  appendFile,
  copyFile,
  open,
  readFile,
  rename,
  unlink,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { systemCode, type ResoError } from '../../errors';
import { hashInto, timeForNode } from '../../files';
import { diskError } from './disk-errors';
import { FileWriter } from './file-writer';
import type { Incoming } from './incoming';
import { formatNote, formatRange, NO_HOLES, parseNote, type PartialNote } from './partial-note';
import { Ranges, type Range } from './ranges';
import { workKey, type Leftover, type WorkFolder } from './work-folder';

/** Partials of at least this many bytes are worth resuming; smaller ones are downloaded again. */
export const WORTH_KEEPING = 1_048_576;

/**
 * An image being downloaded: a file under `.reso/`, the digest of its contents, and a note about what it will become.
 * Bytes are appended, or written by others after a gap; only `commit` gives the file its final name.
 */
export class Partial implements Incoming {
  readonly #place: Promise<Place>;
  readonly #writer: FileWriter;
  readonly #hash: Hash;
  /** What others have written after `length`. */
  readonly #beyond = new Ranges();
  /** The file may have holes, so the note lists what is there. */
  #hasHoles = false;
  #digest: string | undefined;
  readonly note: PartialNote;
  /** Its length in bytes, including those waiting to be written. */
  length: number;
  onWaiting: (bytes: number) => void = () => undefined;
  onWritten: (bytes: number) => void = () => undefined;

  private constructor(note: PartialNote, place: Promise<Place>, hash: Hash, length: number) {
    this.note = note;
    this.length = length;
    this.#place = place;
    this.#hash = hash;
    const file = place.then((ready) => ready.file);
    // `flush` awaits it; without this an earlier failure would count as unhandled.
    file.catch(() => undefined);
    this.#writer = new FileWriter(file, length, (bytes) => this.onWritten(bytes));
  }

  /** Starts a partial. Bytes can be appended at once; if the file can't be created, `flush` reports it. */
  static begin(work: WorkFolder, note: PartialNote): Partial {
    return new Partial(note, create(work, note), createHash('sha256'), 0);
  }

  /** Resumes what an earlier run left of the image `name`, if anything. */
  static async resume(work: WorkFolder, name: string): Promise<Partial | undefined> {
    const leftover = await work.claim(name);
    if (!leftover) return undefined;
    const note = await readNote(work, leftover);
    if (note?.name !== name) {
      if (leftover.liveness === 'dead') await removeLeftover(work, leftover);
      return undefined;
    }
    const place = await takeOver(work, leftover, note);
    if (!place) return undefined;
    const hash = createHash('sha256');
    try {
      const there = await rangesIn(place.file, note);
      const length = await hashInto(hash, place.file, there.runFrom(0));
      const partial = new Partial(note, Promise.resolve(place), hash, length);
      there.dropBefore(length);
      for (const range of there.list) partial.#beyond.add(range);
      partial.#hasHoles = note.ranges !== undefined;
      if (partial.#beyond.bytes === 0) await partial.#closeUp();
      return partial;
    } catch {
      // An unreadable partial is useless to every run.
      await removePlace(place);
      return undefined;
    }
  }

  get present(): number {
    return this.length + this.#beyond.bytes;
  }

  get gap(): Range {
    return this.gaps[0] ?? { start: this.length, end: this.length };
  }

  /** What is missing, in order. */
  get gaps(): Range[] {
    return this.#beyond.gaps(this.length, this.note.size);
  }

  /** Why it can't be written, if that is the case. */
  get error(): ResoError | undefined {
    const { error } = this.#writer;
    return error === undefined ? undefined : diskError(error, this.note.name);
  }

  /** SHA-256 of its contents, hexadecimal; append nothing afterwards. */
  digest(): Promise<string> {
    this.#digest ??= this.#hash.digest('hex');
    return Promise.resolve(this.#digest);
  }

  append(bytes: Buffer): void {
    this.length += bytes.length;
    this.#hash.update(bytes);
    this.onWaiting(bytes.length);
    this.#writer.push(bytes);
  }

  /** Lets others write into gaps: returns the file's path. What they have written counts after `wrote`. Throws DISK or FOLDER. */
  async openUp(): Promise<string> {
    try {
      await this.#writer.flush();
      this.#hasHoles = true;
      await this.#noteRange({ start: 0, end: this.length });
      return (await this.#place).part;
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** Others have written this range: it is there, also for a later run. Throws DISK. */
  async wrote(range: Range): Promise<void> {
    this.#beyond.add(range);
    try {
      await this.#noteRange(range);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** Takes in what others have written right after `length`. Throws DISK or FOLDER. */
  async takeIn(): Promise<void> {
    const end = this.#beyond.runFrom(this.length);
    if (end === this.length) return;
    try {
      await this.#writer.flush();
      const { file } = await this.#place;
      if ((await hashInto(this.#hash, file, end, this.length)) < end)
        throw new Error('the file is shorter than what was written');
      this.length = end;
      this.#beyond.dropBefore(end);
      this.#writer.goTo(end);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** See `Incoming`. No one else may be writing. */
  async closeGap(): Promise<void> {
    await this.takeIn();
    if (!this.#hasHoles || this.#beyond.bytes > 0) return;
    try {
      await this.#writer.flush();
      await this.#closeUp();
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** From here on bytes are only appended. */
  async #closeUp(): Promise<void> {
    const { file, note } = await this.#place;
    await file.truncate(this.length);
    if (note !== undefined && this.#hasHoles) await appendFile(note, NO_HOLES);
    this.#hasHoles = false;
  }

  async #noteRange(range: Range): Promise<void> {
    const { note } = await this.#place;
    if (note !== undefined) await appendFile(note, formatRange(range));
  }

  /** Resolves when everything appended is in the file, whose size is checked. Throws DISK or FOLDER. */
  async flush(): Promise<void> {
    try {
      await this.#writer.flush();
      const { size } = await (await this.#place).file.stat();
      if (size < this.length || (size > this.length && this.#beyond.bytes === 0))
        throw new Error(`the file has ${size} bytes after ${this.length} were written`);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** See `Incoming`. If only the rename fails, the bytes remain here. */
  async commit(target: string, durable = false): Promise<void> {
    const { part, note } = await this.#place;
    try {
      await this.#finish(durable);
      await rename(part, target);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
    if (note !== undefined) await removeIfThere(note);
  }

  async #finish(durable: boolean): Promise<void> {
    const place = await this.#place;
    const time = timeForNode(this.note.mtime);
    await place.file.utimes(time, time);
    try {
      if (durable) await place.file.sync();
      await place.file.close();
    } catch (cause) {
      // Data that the disk may have lost can still be read from memory, and the next attempt would trust it.
      await removePlace(place);
      throw cause;
    }
  }

  /** Leaves it for a later run, if that is worthwhile. */
  async keep(): Promise<void> {
    const isWritten = await this.#writer.flush().then(
      () => true,
      () => false,
    );
    if (this.present < WORTH_KEEPING) return this.discard();
    const appended = { start: 0, end: this.length };
    if (this.#hasHoles && isWritten) await this.#noteRange(appended).catch(() => undefined);
    await this.#place.then(({ file }) => file.close()).catch(() => undefined);
  }

  /** Removes it. */
  async discard(): Promise<void> {
    await this.#writer.flush().catch(() => undefined);
    const place = await this.#place.catch(() => undefined);
    if (place) await removePlace(place);
  }
}

/** Where a partial is stored. */
interface Place {
  readonly file: FileHandle;
  readonly part: string;
  /** Path of the note, if there is one. */
  readonly note: string | undefined;
}

async function create(work: WorkFolder, note: PartialNote): Promise<Place> {
  const key = workKey(note.name);
  const { id } = await work.enter();
  const part = work.partPath(key, id);
  const file = await open(part, NEW_PART).catch(async (cause: unknown) => {
    // Another process found the folder empty and removed it.
    if (systemCode(cause) !== 'ENOENT') throw cause;
    await work.make();
    return open(part, NEW_PART);
  });
  if (note.size < WORTH_KEEPING) return { file, part, note: undefined };
  const place = { file, part, note: work.notePath(key, id) };
  try {
    await writeFile(place.note, formatNote(note));
    return place;
  } catch (cause) {
    await removePlace(place);
    throw cause;
  }
}

/** Not O_EXCL: an image given twice may already have left a partial in this run. Readable, because others write into it. */
const NEW_PART = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

async function removePlace({ file, part, note }: Place): Promise<void> {
  await file.close().catch(() => undefined);
  await removeIfThere(part);
  if (note !== undefined) await removeIfThere(note);
}

async function removeLeftover(work: WorkFolder, { key, owner }: Leftover): Promise<void> {
  await removeIfThere(work.partPath(key, owner));
  await removeIfThere(work.notePath(key, owner));
}

/** What a leftover contains; a file that has lost its end contains less than its note says. */
async function rangesIn(file: FileHandle, note: PartialNote): Promise<Ranges> {
  const { size } = await file.stat();
  const there = new Ranges();
  for (const { start, end } of note.ranges ?? [{ start: 0, end: note.size }])
    there.add({ start, end: Math.min(end, size) });
  return there;
}

async function readNote(work: WorkFolder, { key, owner }: Leftover): Promise<PartialNote | undefined> {
  const text = await readFile(work.notePath(key, owner), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseNote(text);
}

/**
 * Takes over a leftover; only one process can. If its owner may still be writing to it, the bytes are copied: two processes
 * must not write to the same file.
 */
async function takeOver(
  work: WorkFolder,
  { key, owner, liveness }: Leftover,
  note: PartialNote,
): Promise<Place | undefined> {
  const { id } = await work.enter();
  const theirs = work.partPath(key, owner);
  const part = work.partPath(key, id);
  const ourNote = work.notePath(key, id);
  try {
    await writeFile(ourNote, formatNote(note));
    const file = liveness === 'dead' ? await move(theirs, part) : await copy(theirs, part);
    if (owner !== id) await removeLeftover(work, { key, owner, liveness });
    return { file, part, note: ourNote };
  } catch (cause) {
    await removeIfThere(ourNote);
    if (systemCode(cause) === 'ENOENT') return undefined;
    throw diskError(cause, note.name);
  }
}

/** Opened first: a file that can't be opened now stays where a later run finds it. */
async function move(from: string, to: string): Promise<FileHandle> {
  const file = await open(from, 'r+');
  try {
    await rename(from, to);
    return file;
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

async function copy(from: string, to: string): Promise<FileHandle> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  try {
    return await open(to, 'r+');
  } catch (cause) {
    await removeIfThere(to);
    throw cause;
  }
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch(() => undefined);
}
