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
import { timeForNode } from '../../files';
import { diskError } from './disk-errors';
import { FileWriter } from './file-writer';
import { hashInto } from './hash-file';
import type { Incoming } from './incoming';
import { formatNote, formatWhole, parseNote, type PartialNote } from './partial-note';
import { workKey, type Leftover, type WorkFolder } from './work-folder';

/** Bytes from which on an image's partial is worth going on from; smaller ones are fetched again. */
export const WORTH_KEEPING = 1_048_576;

/**
 * An image on its way: a file under `.reso/`, the digest of what it holds, and a note of what it is to become.
 * Bytes are appended; only `commit` puts the file under its final name.
 */
export class Partial implements Incoming {
  readonly #place: Promise<Place>;
  readonly #writer: FileWriter;
  readonly #hash: Hash;
  #digest: string | undefined;
  readonly note: PartialNote;
  /** Bytes that it holds, those that wait to be written included. */
  length: number;
  onWaiting: (bytes: number) => void = () => undefined;
  onWritten: (bytes: number) => void = () => undefined;

  private constructor(note: PartialNote, place: Promise<Place>, hash: Hash, length: number) {
    this.note = note;
    this.length = length;
    this.#place = place;
    this.#hash = hash;
    const file = place.then((ready) => ready.file);
    // Looked at by flush; without this a failure before that would count as unhandled.
    file.catch(() => undefined);
    this.#writer = new FileWriter(file, length, (bytes) => this.onWritten(bytes));
  }

  /** Begins a partial. Bytes can be appended at once; that the file can't be made shows in `flush`. */
  static begin(work: WorkFolder, note: PartialNote): Partial {
    return new Partial(note, create(work, note), createHash('sha256'), 0);
  }

  /** Goes on from what an earlier run left of the image `name`, if there is something. */
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
      const length = await hashInto(hash, place.file, note.whole ?? note.size);
      await place.file.truncate(length);
      const partial = new Partial(note, Promise.resolve(place), hash, length);
      if (note.whole !== undefined) await partial.#noteWhole(undefined);
      return partial;
    } catch {
      // What can't be read is of no use to any run.
      await removePlace(place);
      return undefined;
    }
  }

  /** Why it can't be written, if so. */
  get error(): ResoError | undefined {
    const { error } = this.#writer;
    return error === undefined ? undefined : diskError(error, this.note.name);
  }

  /** SHA-256 of all that it holds, hexadecimal; nothing may be appended afterwards. */
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

  /**
   * Lets others write behind what it holds: gives the file's path. Until `cutOff` there may be holes, so that only what was
   * taken in counts for a later run. Throws DISK or FOLDER.
   */
  async openUp(): Promise<string> {
    try {
      await this.#writer.flush();
      await this.#noteWhole(this.length);
      return (await this.#place).part;
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** Takes in what others have written behind what it holds, up to byte `end`. Throws DISK. */
  async takeIn(end: number): Promise<void> {
    try {
      const { file } = await this.#place;
      if ((await hashInto(this.#hash, file, end, this.length)) < end)
        throw new Error('the file is shorter than what was written');
      this.length = end;
      await this.#noteWhole(end);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** Drops what others have written and was not taken in: bytes are appended from here on. Throws DISK. */
  async cutOff(): Promise<void> {
    try {
      await (await this.#place).file.truncate(this.length);
      await this.#noteWhole(undefined);
      this.#writer.goTo(this.length);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  async #noteWhole(whole: number | undefined): Promise<void> {
    const { note } = await this.#place;
    if (note !== undefined) await appendFile(note, formatWhole(whole));
  }

  /** Resolves when all that was appended is in the file, looked at. Throws DISK or FOLDER. */
  async flush(): Promise<void> {
    try {
      await this.#writer.flush();
      const { size } = await (await this.#place).file.stat();
      if (size !== this.length)
        throw new Error(`the file holds ${size} bytes after ${this.length} were written`);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  /** As `Incoming` says. Where only the name can't be given, the bytes are here as before. */
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
      // What the disk may not have taken can still be read from memory, and would be trusted by the next try.
      await removePlace(place);
      throw cause;
    }
  }

  /** Leaves it for a later run, if it is worth that. */
  async keep(): Promise<void> {
    await this.#writer.flush().catch(() => undefined);
    if (this.length < WORTH_KEEPING) return this.discard();
    await this.#place.then(({ file }) => file.close()).catch(() => undefined);
  }

  /** Removes it. */
  async discard(): Promise<void> {
    await this.#writer.flush().catch(() => undefined);
    const place = await this.#place.catch(() => undefined);
    if (place) await removePlace(place);
  }
}

/** Where a partial lies. */
interface Place {
  readonly file: FileHandle;
  readonly part: string;
  /** Path of the note, where there is one. */
  readonly note: string | undefined;
}

async function create(work: WorkFolder, note: PartialNote): Promise<Place> {
  const key = workKey(note.name);
  const { id } = await work.enter();
  const part = work.partPath(key, id);
  const file = await open(part, NEW_PART).catch(async (cause: unknown) => {
    // Another process that left the folder found it empty and removed it.
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

/** Not O_EXCL: an image that is named twice may have left a part of this run's before. What others write into it is read. */
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

async function readNote(work: WorkFolder, { key, owner }: Leftover): Promise<PartialNote | undefined> {
  const text = await readFile(work.notePath(key, owner), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseNote(text);
}

/**
 * Makes a leftover ours; only one process can. Where its owner may still be writing to it, the bytes are copied: its
 * file must not be written to by two.
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

/** Opened first: what can't be opened now stays where a later run finds it. */
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
