import { hash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { ResoError } from '../errors';
import type { DiskCache } from './cache/disk-cache';
import { PyramidFile, seal } from './cache/pyramid-file';
import { Flight, type WaitOptions } from './flight';
import type { RenderRequest } from './source';
import type { PyramidShape } from './wire/messages';

/** Writes a pyramid of an image to `target`, with temporary files in `scratch`. */
export type MakePyramid = (
  request: RenderRequest,
  place: { readonly target: string; readonly scratch: string },
  flight: Flight<unknown>,
) => Promise<PyramidShape>;

/** Pyramids that are kept open, each with one descriptor. */
const MOST_OPEN = 8;
/** Milliseconds after the last tile until a pyramid is closed. */
const IDLE = 60_000;
/** Milliseconds until a pyramid that could not be made or kept is tried again. */
const PAUSE = 60_000;
/** Digests to remember of those. */
const MOST_FAILED = 1000;

/** Increase it with every change that makes the same image give another pyramid. */
const REVISION = 1;

/** Pyramids of large images in the cache: made once, verified when opened, kept open while they are used. */
export class Pyramids {
  readonly #cache: DiskCache;
  readonly #make: MakePyramid;
  readonly #hold: number;
  readonly #open = new Map<string, PyramidFile>();
  readonly #idle = new Map<string, NodeJS.Timeout>();
  readonly #flights = new Map<string, Flight<PyramidFile | undefined>>();
  readonly #failedUntil = new Map<string, number>();
  made = 0;

  /** `hold`: milliseconds that a caller waits. */
  constructor(cache: DiskCache, make: MakePyramid, hold: number) {
    this.#cache = cache;
    this.#make = make;
    this.#hold = hold;
  }

  /**
   * Undefined if there can be none: then parts have to be rendered from the image. Throws BUSY if making it takes longer
   * than a caller may wait: it is finished nevertheless.
   */
  async get(request: RenderRequest, { signal, urgent }: WaitOptions): Promise<PyramidFile | undefined> {
    const key = keyOf(request.sha256);
    const there = this.#open.get(key);
    if (there) return this.#use(key, there);
    let flight = this.#flights.get(key);
    if (!flight || flight.isDropped) {
      flight = new Flight((one) => this.#find(key, request, one), urgent ?? false);
      this.#flights.set(key, flight);
    }
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#hold);
    try {
      const both = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
      const waiting = flight.wait({ urgent, signal: both });
      // Whoever waits too long comes back for it: it must not be dropped.
      late.signal.addEventListener('abort', () => void flight.wait({}).catch(() => undefined));
      const pyramid = await waiting;
      return pyramid && this.#use(key, pyramid);
    } catch (error) {
      if (late.signal.aborted && error instanceof ResoError && error.code === 'ABORTED') throw beingMade();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Removes one that can't be read, unless it has been replaced already. */
  async discard(sha256: string, damaged: PyramidFile): Promise<void> {
    const key = keyOf(sha256);
    if (this.#open.get(key) !== damaged) return;
    this.#close(key);
    await this.#cache.remove(key);
  }

  /** Call it when no more jobs are running. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#flights.values()].map(({ result }) => result));
    for (const key of [...this.#open.keys()]) this.#close(key);
  }

  async #find(
    key: string,
    request: RenderRequest,
    flight: Flight<unknown>,
  ): Promise<PyramidFile | undefined> {
    try {
      const path = this.#cache.pathOf(key);
      const found = await PyramidFile.open(path, key);
      if (found === 'damaged') await this.#cache.remove(key);
      if (found && found !== 'damaged') return this.#keep(key, found);
      if ((this.#failedUntil.get(key) ?? 0) > Date.now()) return undefined;
      return await this.#add(key, request, flight);
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    }
  }

  async #add(key: string, request: RenderRequest, flight: Flight<unknown>): Promise<PyramidFile | undefined> {
    let written: PyramidFile | undefined;
    const write = async (target: string) => (written = await this.#write(key, target, request, flight));
    try {
      const pyramid = await this.#cache.add(key, write);
      if (pyramid) {
        this.made++;
        return this.#keep(key, pyramid);
      }
      // It is larger than the cache may be, for example.
      written?.close();
    } catch (error) {
      // What is wrong with the image will be said of the part, too.
      if (!(error instanceof ResoError) || error.code !== 'NOT_RENDERABLE') throw error;
    }
    this.#noteFailure(key);
    return undefined;
  }

  async #write(
    key: string,
    target: string,
    request: RenderRequest,
    flight: Flight<unknown>,
  ): Promise<PyramidFile> {
    const scratch = `${target}.scratch`;
    await mkdir(scratch, { mode: 0o700 });
    try {
      // The decoder would let other users of this machine read it.
      await writeFile(target, '', { flag: 'wx', mode: 0o600 });
      return await seal(target, key, await this.#make(request, { target, scratch }, flight));
    } catch (error) {
      if (error instanceof ResoError && isAboutDisk(error))
        throw new Error('a large image could not be written there; the disk may be full', { cause: error });
      throw error;
    } finally {
      await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  #keep(key: string, pyramid: PyramidFile): PyramidFile {
    this.#close(key);
    this.#open.set(key, pyramid);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN) this.#close(oldest!);
    return pyramid;
  }

  #use(key: string, pyramid: PyramidFile): PyramidFile {
    if (this.#open.get(key) !== pyramid) return pyramid;
    this.#open.delete(key);
    this.#open.set(key, pyramid);
    clearTimeout(this.#idle.get(key));
    this.#idle.set(key, setTimeout(() => this.#close(key), IDLE).unref());
    return pyramid;
  }

  #close(key: string): void {
    clearTimeout(this.#idle.get(key));
    this.#idle.delete(key);
    this.#open.get(key)?.close();
    this.#open.delete(key);
  }

  #noteFailure(key: string): void {
    this.#failedUntil.delete(key);
    this.#failedUntil.set(key, Date.now() + PAUSE);
    const [oldest] = this.#failedUntil.keys();
    if (this.#failedUntil.size > MOST_FAILED) this.#failedUntil.delete(oldest!);
  }
}

function keyOf(sha256: string): string {
  return hash('sha256', `${sha256} pyramid r${REVISION}`);
}

/** The decoder writes the pyramid, and can fail for lack of space. */
function isAboutDisk({ code, message }: ResoError): boolean {
  return code === 'NOT_RENDERABLE' && /write (?:error|failed)|no space left/i.test(message);
}

function beingMade(): ResoError {
  return new ResoError('BUSY', 'This large image is still being prepared: try again in a moment.');
}
