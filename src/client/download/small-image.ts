import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { release } from '../../connection';
import { systemCode, type ResoError } from '../../errors';
import { closeFile, openFile, removeFile, renameFile, setTimes, syncFile, writeFile } from '../../files';
import { diskError } from './disk-error';
import type { Incoming } from './incoming';
import { modificationSeconds, type PartialNote } from './partial-note';
import { workKey, type WorkFolder } from './work-folder';

/** Not O_EXCL: an image that is named twice may have left a part of this run's before. */
const NEW_PART = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/**
 * An image that is too small to be gone on from: it is kept in memory until all of it is here and verified, and is
 * then written in one go.
 */
export class SmallImage implements Incoming {
  readonly #work: Promise<WorkFolder>;
  readonly note: PartialNote;
  #bytes: Buffer[] = [];
  #digest: string | undefined;
  length = 0;
  readonly error: ResoError | undefined = undefined;
  onWaiting: (bytes: number) => void = () => undefined;
  onSettled: (bytes: number) => void = () => undefined;

  constructor(work: Promise<WorkFolder>, note: PartialNote) {
    this.#work = work;
    this.note = note;
    // Looked at by commit; without this a failure before that would count as unhandled.
    work.catch(() => undefined);
  }

  append(bytes: Buffer): void {
    this.length += bytes.length;
    this.#bytes.push(bytes);
  }

  digest(): string {
    return (this.#digest ??= this.#hash());
  }

  #hash(): string {
    const hash = createHash('sha256');
    for (const bytes of this.#bytes) hash.update(bytes);
    return hash.digest('hex');
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  async commit(target: string, durable = false): Promise<void> {
    // Only now: what is still to come needs the connection, which must not be held for the sake of these bytes.
    this.onWaiting(this.length);
    try {
      const work = await this.#work;
      await this.#put(work, await work.visit(), target, durable).catch(async (cause: unknown) => {
        if (systemCode(cause) !== 'ENOENT') throw cause;
        // Another process has taken the part for what a dead one left.
        return this.#put(work, (await work.enter()).id, target, durable);
      });
    } catch (cause) {
      throw diskError(cause, this.note.name);
    } finally {
      this.#release();
      this.onSettled(this.length);
    }
  }

  async #put(work: WorkFolder, owner: string, target: string, durable: boolean): Promise<void> {
    const part = work.partPath(workKey(this.note.name), owner);
    await this.#write(await openPart(work, part), part, durable);
    await renameFile(part, target).catch((cause: unknown) => removeAfter(part, cause));
  }

  keep(): Promise<void> {
    return this.discard();
  }

  discard(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  #release(): void {
    for (const bytes of this.#bytes) release(bytes);
    this.#bytes = [];
  }

  async #write(fd: number, part: string, durable: boolean): Promise<void> {
    try {
      await writeAll(fd, this.#bytes, this.length);
      await setTimes(fd, modificationSeconds(this.note));
      if (durable) await syncFile(fd);
    } catch (cause) {
      await closeFile(fd).catch(() => undefined);
      await removeAfter(part, cause);
    }
    await closeFile(fd).catch((cause: unknown) => removeAfter(part, cause));
  }
}

async function openPart(work: WorkFolder, part: string): Promise<number> {
  try {
    return await openFile(part, NEW_PART);
  } catch (cause) {
    // Another process that left the folder found it empty and removed it.
    if (systemCode(cause) !== 'ENOENT') throw cause;
    await work.make();
    return openFile(part, NEW_PART);
  }
}

/** What a write takes is looked at: a full disk may take a part of it and report no error. */
async function writeAll(fd: number, buffers: readonly Buffer[], length: number): Promise<void> {
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

async function removeAfter(part: string, cause: unknown): Promise<never> {
  await removeFile(part).catch(() => undefined);
  throw cause;
}
