import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../../errors';
import { makeFolders } from '../../files';
import type { IndexRecord } from './index-record';

/** With at least this many characters, notes are written at once. */
const BATCH = 65_536;
/** Milliseconds after which notes are always written: a kill costs no more than comparing those files again. */
const DELAY = 200;

/** What a sync has learned so far, appended in that order; created when there is something to write. */
export class Journal {
  readonly path: string;
  #file: Promise<FileHandle> | undefined;
  #text = '';
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #error: unknown;

  constructor(path: string) {
    this.path = path;
  }

  get isEmpty(): boolean {
    return this.#file === undefined && this.#text === '';
  }

  note({ line }: IndexRecord): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= BATCH) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), DELAY);
  }

  /** Throws if it could not be written. */
  async close(): Promise<void> {
    this.#write();
    await this.#writing;
    const file = await this.#file?.catch(() => undefined);
    await file?.close();
    if (this.#error !== undefined) throw this.#error;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.#error !== undefined) return;
    this.#file ??= this.#open();
    this.#writing = this.#writing
      .then(() => this.#append(text))
      .catch((error: unknown) => void (this.#error = error));
  }

  async #open(): Promise<FileHandle> {
    try {
      return await open(this.path, 'a');
    } catch (error) {
      // Another process found the folder empty and removed it.
      if (systemCode(error) !== 'ENOENT') throw error;
      await makeFolders(dirname(this.path));
      return open(this.path, 'a');
    }
  }

  async #append(text: string): Promise<void> {
    const file = await this.#file!;
    await file.writeFile(text);
  }
}
