import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readFile, rename, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { systemCode, type ResoError } from '../../errors';
import { timeForNode } from '../../files';
import { diskError } from './disk-error';
import { FileWriter } from './file-writer';
import { hashFile, hashInto } from './hash-file';
import type { Incoming } from './incoming';
import { formatNote, parseNote, type PartialNote } from './partial-note';
import { HasherHere, type Hasher } from '../worker/hasher';
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
  readonly #hasher: Hasher;
  #digest: Promise<string> | undefined;
  readonly note: PartialNote;
  /** Bytes that it holds, those that wait to be written included. */
  length: number;
  onWaiting: (bytes: number) => void = () => undefined;
  onSettled: (bytes: number) => void = () => undefined;

  private constructor(note: PartialNote, place: Promise<Place>, hasher: Hasher, length: number) {
    this.note = note;
    this.length = length;
    this.#place = place;
    this.#hasher = hasher;
    const file = place.then((ready) => ready.file);
    // Looked at by flush; without this a failure before that would count as unhandled.
    file.catch(() => undefined);
    this.#writer = new FileWriter(file, length, (bytes) => this.onSettled(bytes));
  }

  /** Begins a partial. Bytes can be appended at once; that the file can't be made shows in `flush`. */
  static begin(work: WorkFolder, note: PartialNote, hasher: Hasher = new HasherHere()): Partial {
    return new Partial(note, create(work, note), hasher, 0);
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
      const length = await hashInto(hash, place.file, note.size);
      await place.file.truncate(length);
      return new Partial(note, Promise.resolve(place), new HasherHere(hash), length);
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

  /** SHA-256 of all that was appended, hexadecimal; nothing may be appended afterwards. */
  digest(): Promise<string> {
    return (this.#digest ??= this.#computeDigest());
  }

  async #computeDigest(): Promise<string> {
    return (await this.#hasher.digest()) ?? (await this.#digestOfFile());
  }

  async #digestOfFile(): Promise<string> {
    try {
      return await hashFile((await this.#place).file);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    }
  }

  append(bytes: Buffer): void {
    this.length += bytes.length;
    this.#hash(bytes);
    this.onWaiting(bytes.length);
    this.#writer.push(bytes);
  }

  #hash(bytes: Buffer): void {
    const hashing = this.#hasher.update(bytes);
    if (!hashing) return;
    const { length } = bytes;
    this.onWaiting(length);
    void hashing.then(() => this.onSettled(length));
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

  commitBy(): Promise<boolean> {
    return Promise.resolve(false);
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

/** Not O_EXCL: an image that is named twice may have left a part of this run's before. Read where a hash was lost. */
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
    await removeLeftover(work, { key, owner, liveness });
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
