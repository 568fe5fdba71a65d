import { release } from '../../connection';
import { ProtocolError, ResoError } from '../../errors';
import type { Delivery, End, ImageEntry, ImageState, Proof } from '../../protocol';
import { askProof, type Home } from '../net/ask';
import type { Channel } from '../net/channel';
import type { Flight } from '../net/link';
import type { Job } from '../net/pool';
import type { Outcome } from '../result';
import { isTransient } from '../net/retry';
import type { DownloadContext } from './context';
import { Continuation } from './continuation';
import { isSpoilt, KEEPS_PARTIAL, unexpected, asLocked } from './failures';
import { prepareHashing } from '../disk/hash-file';
import type { Incoming } from '../disk/incoming';
import { Partial, WORTH_KEEPING } from '../disk/partial';
import { place, Target } from './target';
import type { LockedState, Selected } from '../plan/select';
import type { Looked } from '../disk/local-files';
import { whenSettled } from './settled';
import { SmallImage } from '../disk/small-image';
import { bringStripes, WORTH_STRIPES } from './lanes/stripes';
import type { WorkFolder } from '../disk/work-folder';

/** Expected bytes of an image whose size is unknown; also the number of bytes requested first. */
const GUESS = 65_536;
const FIRST = 2 * 1_048_576;

/** The download of one image, from the request to its final name, through as many attempts as it takes. */
export class ImageDownload implements Job {
  readonly #name: string;
  readonly #context: DownloadContext;
  readonly #done: () => void;
  readonly #entry: ImageEntry | undefined;
  readonly #locked: LockedState | undefined;
  #looked: Looked | undefined;
  readonly #target: Target;
  #state: ImageState | undefined;
  /** Set once it is submitted. */
  #work: WorkFolder | undefined;
  #partial: Incoming | undefined;
  #resumedFrom = 0;
  #received = 0;
  #receivedBefore = 0;
  #attempts = 0;
  /** The next request belongs to the previous attempt. */
  #isContinued = false;
  /** Attempts that ended with a changed or damaged image. */
  #spoilt = 0;
  /** The server delivers something that does not continue the bytes received before. */
  #unfit = false;
  readonly #continuation: Continuation;
  /** The answer to the latest request for the image's digest, unless that failed. */
  #proof: { readonly version: string; readonly answer: Promise<Proof> } | undefined;
  refusals = 0;

  /** `done` is called after the result was reported. */
  constructor({ name, entry, locked, looked }: Selected, context: DownloadContext, done: () => void) {
    this.#name = name;
    this.#entry = this.#state = entry;
    this.#context = context;
    this.#done = done;
    this.#locked = locked;
    this.#continuation = new Continuation(context, locked?.sha256);
    this.#looked = looked;
    this.#target = new Target(name, context, locked);
  }

  get expected(): number {
    return Math.max(0, (this.#state?.size ?? GUESS) - (this.#partial?.present ?? 0));
  }

  /** Checks the local files and requests what is missing. */
  async start(): Promise<void> {
    try {
      this.#context.health.throwIfDoomed();
      if (this.#entry?.unsettled) {
        this.#know(await whenSettled(this.#context, this.#entry));
        this.#looked = undefined;
      }
      const mayBeHere = !this.#looked || this.#looked.found;
      if (mayBeHere && (await this.#isHere())) return;
      this.#work = await this.#context.work.for(this.#name);
      if (!this.#work.isClean) await this.#resume(this.#work);
      await this.#goOn();
    } catch (error) {
      await this.#failed(error);
    }
  }

  /** Requests what is missing: a large image over all connections. */
  async #goOn(): Promise<void> {
    if (this.#isWorthStripes && (await this.#bringStripes())) return;
    this.#context.pool.submit(this);
  }

  get #isWorthStripes(): boolean {
    const { fleet } = this.#context;
    const left = (this.#state?.size ?? 0) - (this.#partial?.present ?? 0);
    return left >= WORTH_STRIPES && this.#knowsVersion && fleet.isUsable && fleet.connections > 1;
  }

  /** A lock file contains neither a version nor a time: both come with the first delivery. */
  get #knowsVersion(): boolean {
    return this.#state !== undefined && this.#state.version !== '';
  }

  /** False if lanes did not bring everything: the download can resume from what is there. */
  async #bringStripes(): Promise<boolean> {
    const { fleet, pool, server } = this.#context;
    const name = this.#name;
    this.#partial ??= Partial.begin(this.#work!, { name, server, ...stateOnly(this.#state!) });
    const partial = this.#partial;
    if (!(partial instanceof Partial)) return false;
    const before = partial.present;
    // A version from another server means nothing to this one.
    if (partial.note.server !== server || partial.note.size !== this.#state!.size) return false;
    const known = this.#continuation.sha256Of(partial.note);
    const { isReplicated } = pool;
    // Several servers agree only on the digest, which then must be known first.
    if (isReplicated && known === undefined) return false;
    this.#beginAttempt();
    const version = isReplicated ? undefined : partial.note.version;
    // It may have to read the whole image: it begins with the first stripe.
    const proof = known === undefined ? this.#askProof(partial.note.version) : undefined;
    const request = { name, version, sha256: known };
    const listener = {
      received: 0,
      arrived: (bytes: number) => {
        listener.received += bytes;
        this.#arrived(bytes);
      },
      again: () => this.#again(),
    };
    const isHere = await bringStripes(fleet, partial, request, listener);
    this.#progress(partial.present - before - listener.received);
    if (!isHere) return false;
    try {
      await this.#complete({ sha256: known ?? (await proof!).sha256 });
    } catch (error) {
      await this.#react(error);
    }
    return true;
  }

  /** Asks for the digest of a version once: a server that is shutting down refuses a second request. */
  #askProof(version: string, home?: Home): Promise<Proof> {
    if (this.#proof?.version === version) return this.#proof.answer;
    const answer = askProof(this.#context.pool, { name: this.#name, version }, home);
    const asked = (this.#proof = { version, answer });
    // Whoever awaits it learns why; the next one asks again.
    answer.catch(() => this.#proof === asked && (this.#proof = undefined));
    return answer;
  }

  async #resume(work: WorkFolder): Promise<void> {
    this.#partial = await Partial.resume(work, this.#name);
    if (!this.#partial) return;
    this.#progress(this.#partial.present);
    // If it turns out to be useless, that does not count as a failed attempt of this run.
    this.#spoilt = -1;
  }

  #beginAttempt(): void {
    if (!this.#isContinued) {
      this.#attempts++;
      this.#resumedFrom = this.#partial?.present ?? 0;
    }
    this.#isContinued = false;
  }

  /** Stripes lost at the same moment count as one attempt. */
  #again(): void {
    if (this.#received === this.#receivedBefore) return;
    this.#receivedBefore = this.#received;
    this.#beginAttempt();
  }

  async run(flight: Flight): Promise<void> {
    this.#beginAttempt();
    try {
      const end = await this.#fetch(flight);
      await this.#partial!.closeGap();
      const { length, error, note } = this.#partial!;
      if (error || length === note.size) await this.#complete(end);
      else {
        this.#isContinued = true;
        // Not awaited: the connection is free.
        void this.#goOn().catch((error: unknown) => this.#failed(error));
      }
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
    await this.#context.durability?.enterExisting(this.#name);
    this.#know(identical);
    this.#progress(identical.size);
    this.#finish('identical', { sha256: identical.sha256 });
    return true;
  }

  async #fetch(flight: Flight): Promise<End> {
    const { channel } = flight;
    const offset = this.#partial?.length ?? 0;
    const precondition = this.#continuation.precondition(this.#partial?.note, channel);
    let sha256: string | undefined;
    const request = { name: this.#name, offset, length: this.#mostToRequest, ...precondition };
    const { ended, cancel } = channel.get(request, {
      begin: (delivery) => {
        sha256 = delivery.sha256;
        flight.expect(delivery.length);
        this.#begin(delivery, channel);
      },
      data: (bytes) => {
        flight.arrived(bytes.length);
        this.#arrived(bytes.length);
        this.#append(bytes, channel, cancel);
      },
    });
    prepareHashing();
    const end = await ended;
    return { sha256: end.sha256 ?? sha256 };
  }

  /** Bytes to request next; undefined: all that is left. */
  get #mostToRequest(): number | undefined {
    if (this.#partial) {
      const { start, end } = this.#partial.gap;
      if (end < this.#partial.note.size) return end - start;
    }
    // The rest of a large image then comes over all connections.
    const mayBeLarge = (this.#state?.size ?? WORTH_STRIPES) >= WORTH_STRIPES;
    return this.#knowsVersion || !mayBeLarge || this.#context.fleet.connections === 1 ? undefined : FIRST;
  }

  #begin(delivery: Delivery, channel: Channel): void {
    if (this.#partial && this.#partial.note.size !== delivery.size) {
      this.#unfit = true;
      throw new ProtocolError('BAD_FRAME', 'The size of the image has changed.');
    }
    this.#know(delivery);
    const { size } = delivery;
    this.#continuation.begun(delivery, channel, this.#partial?.note);
    const { server } = this.#context;
    const work = this.#work!;
    const note = { name: this.#name, server, ...stateOnly(delivery) };
    this.#partial ??= size < WORTH_KEEPING ? new SmallImage(work, note) : Partial.begin(work, note);
    this.#context.progress.current = { name: this.#name, size, done: this.#partial.length };
  }

  #append(bytes: Buffer, channel: Channel, cancel: () => void): void {
    const partial = this.#partial!;
    if (partial.error) return release(bytes);
    partial.onWaiting = (waiting) => this.#context.backlog.grow(waiting, channel);
    partial.onWritten = (written) => {
      if (partial.error) cancel();
      this.#context.backlog.shrink(written);
    };
    partial.append(bytes);
  }

  #arrived(bytes: number): void {
    this.#received += bytes;
    this.#context.progress.bytesReceived += bytes;
    this.#progress(bytes);
    const { name, size } = this.#partial!.note;
    this.#context.progress.current = { name, size, done: this.#partial!.length + bytes };
    this.#context.pool.progressed();
    this.refusals = 0;
  }

  async #complete(end: End): Promise<void> {
    const partial = this.#partial!;
    await partial.flush();
    const { version, home } = this.#continuation.latest(partial.note);
    const sha256 = this.#locked?.sha256 ?? end.sha256 ?? (await this.#askProof(version, home)).sha256;
    const arrived = { name: this.#name, incoming: partial, target: this.#target, state: this.#state, sha256 };
    await place(arrived, this.#context);
    this.#finish('downloaded', { sha256 });
  }

  async #react(cause: unknown, channel?: Channel): Promise<void> {
    const error = this.#locked ? asLocked(cause, this.#name, this.#partial !== undefined) : cause;
    const { pool, retries } = this.#context;
    const disk = this.#partial?.error;
    if (disk) return this.#failed(disk);
    if (!(error instanceof ResoError)) return this.#failed(error);
    if (channel && !this.#unfit && isTransient(error)) return pool.retry(this, error, channel);
    if (channel && this.#continuation.moves(error, channel, this.#partial?.note)) {
      this.#isContinued = true;
      return pool.submit(this);
    }
    if (!this.#unfit && !isSpoilt(error)) return this.#failed(error);
    this.#unfit = false;
    await this.#dropPartial();
    if (++this.#spoilt > retries) return this.#failed(error);
    pool.again(this, this.#spoilt, error);
  }

  async #failed(cause: unknown): Promise<void> {
    const own = cause instanceof ResoError ? cause : unexpected(cause, this.#name);
    const error = this.#context.health.note(own);
    if (KEEPS_PARTIAL.has(error.code)) await this.#partial?.keep();
    else await this.#dropPartial();
    this.#finish('failed', { error });
  }

  async #dropPartial(): Promise<void> {
    const partial = this.#partial;
    if (!partial) return;
    this.#partial = undefined;
    // What does not match it may be whole: the digest itself may have been damaged on the way.
    this.#proof = undefined;
    this.#continuation.forget();
    this.#progress(-partial.present);
    await partial.discard();
  }

  #know(state: ImageState): void {
    if (!this.#state) this.#context.progress.imagesUnsized--;
    this.#context.progress.bytesTotal += state.size - (this.#state?.size ?? 0);
    this.#state = state;
  }

  #progress(bytes: number): void {
    this.#context.progress.bytesDone += bytes;
  }

  #finish(outcome: Outcome, { sha256, error }: { sha256?: string | undefined; error?: ResoError }): void {
    if (!this.#state) this.#context.progress.imagesUnsized--;
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
      replaced: outcome === 'downloaded' && this.#target.isTaken,
      resumedFrom: outcome === 'downloaded' ? this.#resumedFrom : 0,
      attempts: this.#attempts,
    });
    this.#done();
  }
}

function stateOnly({ size, mtime, version, sha256 }: ImageState): ImageState {
  return { size, mtime, version, sha256 };
}
