import { release } from '../../connection';
import { ProtocolError, ResoError } from '../../errors';
import type { Delivery, End, GetRequest, ImageEntry, ImageState, Proof } from '../../protocol';
import { askProof } from '../ask';
import type { Channel } from '../channel';
import type { Flight } from '../lane';
import type { Job } from '../pool';
import type { Outcome } from '../result';
import { isTransient } from '../retry';
import type { DownloadContext } from './context';
import { isSpoilt, KEEPS_PARTIAL, unexpected } from './failures';
import { prepareHashing } from './hashing';
import type { Incoming } from './incoming';
import { asLocked } from './locked';
import { Partial, WORTH_KEEPING } from './partial';
import { place } from './placing';
import { preconditionOf } from './precondition';
import type { LockedState, Looked, Selected } from './select';
import { whenSettled } from './settled';
import { SmallImage } from './small-image';
import { Stripes, type StripeSink } from './stripes';
import { Target } from './target';
import type { WorkFolder } from './work-folder';

/** Bytes that are expected of an image of which nothing is known. */
const GUESS = 65_536;

/** One image on its way from the server to its final name, through as many attempts as that takes. */
export class ImageDownload implements Job {
  readonly #name: string;
  readonly #context: DownloadContext;
  readonly #done: () => void;
  readonly #entry: ImageEntry | undefined;
  readonly #locked: LockedState | undefined;
  #looked: Looked | undefined;
  readonly #target: Target;
  #state: ImageState | undefined;
  /** Known once it is submitted. */
  #work: WorkFolder | undefined;
  #partial: Incoming | undefined;
  /** All that is asked for of this image, where it comes in more than one piece. */
  #stripes: Stripes | undefined;
  /** Its digest, where that was asked for while the image comes. */
  #proof: Promise<Proof> | undefined;
  #resumedFrom = 0;
  #received = 0;
  #receivedBefore = 0;
  #attempts = 0;
  /** Attempts that ended with an image that was another, or damaged. */
  #spoilt = 0;
  /** The server delivers something that can't follow on what came before. */
  #unfit = false;
  refusals = 0;

  /** `done` is called after the result was reported. */
  constructor({ name, entry, locked, looked }: Selected, context: DownloadContext, done: () => void) {
    this.#name = name;
    this.#entry = this.#state = entry;
    this.#context = context;
    this.#done = done;
    this.#locked = locked;
    this.#looked = looked;
    this.#target = new Target(name, context, locked);
    if (entry) context.progress.bytesTotal += entry.size;
  }

  get expected(): number {
    return Math.max(0, (this.#state?.size ?? GUESS) - (this.#partial?.length ?? 0));
  }

  /** Looks at what lies here already, and asks the server for what is missing. */
  async start(): Promise<void> {
    try {
      this.#context.hope.check();
      if (this.#entry?.unsettled) {
        this.#know(await whenSettled(this.#context, this.#entry));
        this.#looked = undefined;
      }
      const mayBeHere = !this.#looked || this.#looked.found;
      if (mayBeHere && (await this.#isHere())) return;
      this.#work = await this.#context.work.for(this.#name);
      if (!this.#work.isClean) await this.#resume(this.#work);
      this.#context.pool.submit(this);
    } catch (error) {
      await this.#failed(error);
    }
  }

  async #resume(work: WorkFolder): Promise<void> {
    this.#partial = await Partial.resume(work, this.#name);
    if (!this.#partial) return;
    this.#progress(this.#partial.length);
    // Where it turns out to be of no use, that is no attempt of this run that failed.
    this.#spoilt = -1;
  }

  async run(flight: Flight): Promise<void> {
    this.#attempts++;
    this.#stripes = this.#proof = undefined;
    try {
      await this.#complete(await this.#fetch(flight));
    } catch (error) {
      await this.#react(error, flight.channel);
    }
  }

  fail(error: ResoError): void {
    void this.#failed(error);
  }

  async #isHere(): Promise<boolean> {
    const identical = await this.#target.lookForIdentical(this.#state, this.#looked);
    if (!identical) return false;
    await this.#context.durability?.settle(this.#name);
    this.#know(identical);
    this.#progress(identical.size);
    this.#finish('identical', { sha256: identical.sha256 });
    return true;
  }

  async #fetch(flight: Flight): Promise<End> {
    const { server, striping } = this.#context;
    const { channel } = flight;
    const offset = (this.#resumedFrom = this.#partial?.length ?? 0);
    const first = striping.firstOf(this, this.#state && this.#state.size - offset);
    const precondition = preconditionOf(this.#partial?.note, server, this.#locked?.sha256);
    let sha256: string | undefined;
    const request = { name: this.#name, offset, length: first, ...precondition };
    const { ended, cancel } = channel.get(request, {
      begin: (delivery) => {
        sha256 = delivery.sha256;
        flight.expect(delivery.length);
        this.#begin(delivery);
        this.#stripe(delivery);
        if (this.#stripes) this.#stripes.first.cancel = cancel;
      },
      data: (bytes) => {
        flight.arrived(bytes.length);
        if (this.#stripes) return this.#stripes.first.take(bytes, channel);
        this.#arrived(bytes.length);
        this.#append(bytes, channel, cancel);
      },
    });
    prepareHashing();
    try {
      const end = await ended.catch((error: unknown) => {
        if (!this.#stripes) throw error;
        this.#stripes.interrupted(this.#stripes.first, error, channel);
        return undefined;
      });
      if (this.#stripes) await this.#stripes.done;
      return { sha256: end?.sha256 ?? sha256 };
    } finally {
      striping.leave(this);
    }
  }

  /** Where more of the image is left than was asked for, that is asked for now. */
  #stripe({ offset, length, size, version, sha256 }: Delivery): void {
    if (offset + length === size) return;
    const { pool, striping } = this.#context;
    const expected = this.#locked?.sha256;
    const request: GetRequest = { name: this.#name, version, ...(expected && { sha256: expected }) };
    if ((expected ?? sha256) === undefined) {
      this.#proof = askProof(pool, { name: this.#name, version });
      this.#proof.catch(() => undefined);
    }
    const sink: StripeSink = {
      arrived: (bytes) => this.#arrived(bytes),
      append: (bytes, channel, cancel) => this.#append(bytes, channel, cancel),
      again: () => this.#again(),
    };
    const division = striping.divisionFor(this);
    this.#stripes = new Stripes(pool, { request, size, division, begun: { offset, length } }, sink);
  }

  /** Stripes that are lost at the same moment count as one attempt. */
  #again(): void {
    if (this.#received === this.#receivedBefore) return;
    this.#receivedBefore = this.#received;
    this.#attempts++;
    this.#resumedFrom = this.#here;
  }

  #begin(delivery: Delivery): void {
    if (this.#partial && this.#partial.note.size !== delivery.size) {
      this.#unfit = true;
      throw new ProtocolError('BAD_FRAME', 'The size of the image is another than before.');
    }
    this.#know(delivery);
    const { size, mtime, version, sha256 } = delivery;
    const { server } = this.#context;
    const work = this.#work!;
    const note = { name: this.#name, server, size, mtime, version, sha256 };
    this.#partial ??=
      size < WORTH_KEEPING
        ? new SmallImage(work, note)
        : Partial.begin(work, note, this.#context.worker.hasher());
    this.#context.progress.current = { name: this.#name, size, done: this.#partial.length };
  }

  #append(bytes: Buffer, channel: Channel, cancel: () => void): void {
    const partial = this.#partial!;
    if (partial.error) return release(bytes);
    partial.onWaiting = (waiting) => this.#context.backlog.grow(waiting, channel);
    partial.onSettled = (settled) => {
      if (partial.error) cancel();
      this.#context.backlog.shrink(settled);
    };
    partial.append(bytes);
  }

  #arrived(bytes: number): void {
    this.#received += bytes;
    this.#context.progress.bytesReceived += bytes;
    this.#progress(bytes);
    const { name, size } = this.#partial!.note;
    this.#context.progress.current = { name, size, done: this.#here + bytes };
    this.#context.pool.progressed();
    this.refusals = 0;
  }

  /** Bytes that are here. */
  get #here(): number {
    return (this.#partial?.length ?? 0) + (this.#stripes?.heldBytes ?? 0);
  }

  async #complete(end: End): Promise<void> {
    const partial = this.#partial!;
    await partial.flush();
    const { pool } = this.#context;
    const sha256 =
      this.#locked?.sha256 ??
      end.sha256 ??
      (await (this.#proof ?? askProof(pool, { name: this.#name, version: partial.note.version }))).sha256;
    const arrived = { name: this.#name, incoming: partial, target: this.#target, state: this.#state, sha256 };
    await place(arrived, this.#context);
    this.#finish('downloaded', { sha256 });
  }

  async #react(cause: unknown, channel: Channel): Promise<void> {
    const error = this.#locked ? asLocked(cause, this.#name, this.#partial !== undefined) : cause;
    const { pool, retries } = this.#context;
    this.#progress(-(this.#stripes?.heldBytes ?? 0));
    if (this.#stripes?.hasGivenUp) return this.#failed(error);
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
    const own = cause instanceof ResoError ? cause : unexpected(cause, this.#name);
    const error = this.#context.hope.note(own);
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
