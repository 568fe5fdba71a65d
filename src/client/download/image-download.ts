import type { Stats } from 'node:fs';
import { describeCause, LocalError, ProtocolError, RemoteError, ResoError } from '../../errors';
import type { Delivery, End, ImageState } from '../../protocol';
import type { Channel } from '../channel';
import type { Flight } from '../lane';
import type { Job } from '../pool';
import type { Outcome } from '../result';
import { isTransient } from '../retry';
import type { DownloadContext } from './context';
import { fetchProof, fetchState, findIdentical } from './existing';
import type { Incoming } from './incoming';
import { asLocked, isInState } from './locked';
import { Partial, WORTH_KEEPING } from './partial';
import { preconditionOf } from './precondition';
import type { LockedState } from './select';
import { SmallImage } from './small-image';

/** Bytes that are expected of an image of which nothing is known. */
const GUESS = 65_536;

/** One image on its way from the server to its final name, through as many attempts as that takes. */
export class ImageDownload implements Job {
  readonly #name: string;
  readonly #context: DownloadContext;
  readonly #done: () => void;
  readonly #locked: LockedState | undefined;
  #state: ImageState | undefined;
  #partial: Incoming | undefined;
  #resumedFrom = 0;
  #received = 0;
  #attempts = 0;
  /** Attempts that ended with an image that was another, or damaged. */
  #spoilt = 0;
  /** The server delivers something that can't follow on what came before. */
  #unfit = false;
  refusals = 0;

  /** `state` is what a list said of the image, if one did. `done` is called after the result was reported. */
  constructor(
    name: string,
    state: ImageState | undefined,
    context: DownloadContext,
    done: () => void,
    locked?: LockedState,
  ) {
    this.#name = name;
    this.#state = state;
    this.#context = context;
    this.#done = done;
    this.#locked = locked;
    if (state) context.progress.bytesTotal += state.size;
  }

  get expected(): number {
    return Math.max(0, (this.#state?.size ?? GUESS) - (this.#partial?.length ?? 0));
  }

  /** Looks at what lies here already, and asks the server for what is missing. */
  async start(): Promise<void> {
    try {
      this.#context.checkHope();
      if (await this.#isHere()) return;
      this.#partial = await Partial.resume(await this.#context.work.for(this.#name), this.#name);
      if (this.#partial) {
        this.#progress(this.#partial.length);
        // Where it turns out to be of no use, that is no attempt of this run that failed.
        this.#spoilt = -1;
      }
      this.#context.pool.submit(this);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async run(flight: Flight): Promise<void> {
    this.#attempts++;
    try {
      const end = await this.#fetch(flight);
      await this.#complete(end);
    } catch (error) {
      await this.#react(error, flight.channel);
    }
  }

  fail(error: ResoError): void {
    void this.#failed(error);
  }

  async #isHere(): Promise<boolean> {
    const { output, overwrite, pool } = this.#context;
    const found = await output.lookUp(this.#name);
    if (!found) return false;
    if (found.isDirectory()) {
      // A folder of the server's by this name is no image; only an image is in the way of one.
      await fetchState(pool, this.#name);
      throw this.#exists('a folder');
    }
    const path = await output.path(this.#name);
    const identical = await this.#findIdentical(path, found);
    if (!identical) {
      if (overwrite) return false;
      throw this.#exists('a different file');
    }
    this.#know(identical);
    this.#progress(identical.size);
    this.#finish('identical', { sha256: identical.sha256 });
    return true;
  }

  async #findIdentical(path: string, found: Stats): Promise<ImageState | undefined> {
    if (!this.#locked) return findIdentical(this.#context.pool, this.#name, path, found, this.#state);
    return (await isInState(path, this.#name, found, this.#locked)) ? this.#state : undefined;
  }

  #exists(what: string): LocalError {
    const advice = what === 'a folder' ? 'Move it away.' : 'Move it away, or replace it with --overwrite.';
    return new LocalError('EXISTS', `There is ${what} of this name already. ${advice}`, {
      image: this.#name,
    });
  }

  async #fetch(flight: Flight): Promise<End> {
    const partial = this.#partial;
    this.#resumedFrom = partial?.length ?? 0;
    let sha256: string | undefined;
    const { server } = this.#context;
    const precondition = preconditionOf(partial?.note, server, this.#locked?.sha256);
    const { ended, cancel } = flight.channel.get(
      { name: this.#name, offset: this.#resumedFrom, ...precondition },
      {
        begin: (delivery) => {
          sha256 = delivery.sha256;
          flight.expect(delivery.length);
          this.#begin(delivery);
        },
        data: (bytes) => {
          flight.arrived(bytes.length);
          this.#append(bytes, flight.channel, cancel);
        },
      },
    );
    const end = await ended;
    return { sha256: end.sha256 ?? sha256 };
  }

  #begin(delivery: Delivery): void {
    if (this.#partial && this.#partial.note.size !== delivery.size) {
      this.#unfit = true;
      throw new ProtocolError('BAD_FRAME', 'The size of the image is another than before.');
    }
    this.#know(delivery);
    const { size, mtime, version, sha256 } = delivery;
    const { server, work } = this.#context;
    const note = { name: this.#name, server, size, mtime, version, sha256 };
    this.#partial ??=
      size < WORTH_KEEPING
        ? new SmallImage(work.for(this.#name), note)
        : Partial.begin(work.for(this.#name), note);
    this.#context.progress.current = { name: this.#name, size, done: this.#partial.length };
  }

  #append(bytes: Buffer, channel: Channel, cancel: () => void): void {
    const partial = this.#partial!;
    if (partial.error) return;
    partial.onWaiting = (waiting) => this.#context.backlog.grow(waiting, channel);
    partial.onSettled = (settled) => {
      if (partial.error) cancel();
      this.#context.backlog.shrink(settled);
    };
    partial.append(bytes);
    this.#received += bytes.length;
    this.#context.progress.bytesReceived += bytes.length;
    this.#progress(bytes.length);
    this.#context.progress.current = { name: this.#name, size: partial.note.size, done: partial.length };
    this.#context.pool.progressed();
    this.refusals = 0;
  }

  async #complete(end: End): Promise<void> {
    const partial = this.#partial!;
    await partial.flush();
    const { output, pool } = this.#context;
    const expected =
      this.#locked?.sha256 ?? end.sha256 ?? (await fetchProof(pool, this.#name, partial.note.version)).sha256;
    const sha256 = partial.digest();
    if (sha256 !== expected) throw this.#mismatch(expected, sha256);
    await output.makeParents(this.#name);
    await this.#keepOthers();
    await partial.commit(await output.path(this.#name));
    this.#finish('downloaded', { sha256 });
  }

  #mismatch(expected: string, actual: string): ResoError {
    return new ResoError(
      'DIGEST_MISMATCH',
      `What came is damaged: its SHA-256 is ${actual}, the server's is ${expected}. Run it again; if that stays so, the network or a disk is at fault.`,
      { image: this.#name },
    );
  }

  /** What came to lie there meanwhile may be the same image, from another client. */
  async #keepOthers(): Promise<void> {
    const { output, overwrite } = this.#context;
    const found = await output.lookUp(this.#name);
    if (!found || (overwrite && !found.isDirectory())) return;
    if (found.isDirectory()) throw this.#exists('a folder');
    const path = await output.path(this.#name);
    if (!(await this.#findIdentical(path, found))) throw this.#exists('a different file');
  }

  async #react(cause: unknown, channel: Channel): Promise<void> {
    const error = this.#locked ? asLocked(cause, this.#name, this.#partial !== undefined) : cause;
    const { pool, retries } = this.#context;
    const disk = this.#partial?.error;
    if (disk) return this.#failed(disk);
    if (!(error instanceof ResoError)) return this.#failed(error);
    if (!this.#unfit && isTransient(error)) return pool.retry(this, error, channel);
    if (!this.#unfit && !isSpoilt(error)) return this.#failed(error);
    this.#unfit = false;
    await this.#dropPartial();
    if (++this.#spoilt > retries) return this.#failed(error);
    pool.again(this, this.#spoilt, error);
  }

  async #failed(cause: unknown): Promise<void> {
    const error = cause instanceof ResoError ? cause : unexpected(cause, this.#name);
    this.#context.noteHope(error);
    if (KEEPS_PARTIAL.has(error.code)) await this.#partial?.keep();
    else await this.#dropPartial();
    this.#finish('failed', { error });
  }

  async #dropPartial(): Promise<void> {
    const partial = this.#partial;
    if (!partial) return;
    this.#partial = undefined;
    this.#progress(-partial.length);
    await partial.discard();
  }

  #know(state: ImageState): void {
    this.#context.progress.bytesTotal += state.size - (this.#state?.size ?? 0);
    this.#state = state;
  }

  #progress(bytes: number): void {
    this.#context.progress.bytesDone += bytes;
  }

  #finish(outcome: Outcome, { sha256, error }: { sha256?: string | undefined; error?: ResoError }): void {
    this.#context.progress.imagesDone++;
    this.#context.report({
      name: this.#name,
      outcome,
      error,
      code: error?.code,
      size: this.#state?.size,
      mtime: this.#state?.mtime,
      version: this.#state?.version,
      sha256,
      bytesReceived: this.#received,
      resumedFrom: outcome === 'downloaded' ? this.#resumedFrom : 0,
      attempts: this.#attempts,
    });
    this.#done();
  }
}

/** Failures after which a later run may go on from what came. */
const KEEPS_PARTIAL: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'DISCONNECTED',
  'TIMEOUT',
  'BUSY',
  'CLOSING',
  'ABORTED',
  'DISK',
  'UNREADABLE',
  'INTERNAL',
]);

/** Whether what came is of no use, and the image is to be fetched anew. */
function isSpoilt(error: ResoError): boolean {
  if (error instanceof RemoteError) return error.code === 'CHANGED' || error.code === 'BAD_RANGE';
  return error.code === 'DIGEST_MISMATCH';
}

function unexpected(cause: unknown, image: string): ResoError {
  return new ResoError('INTERNAL', `Something unexpected happened: ${describeCause(cause)}.`, {
    cause,
    image,
  });
}
