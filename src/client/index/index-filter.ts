import type { Stats } from 'node:fs';
import { ResoError } from '../../errors';
import type { ImageEntry } from '../../protocol';
import { hasTime, isAsWritten, isSame, looksSame, type Written } from '../disk/file-state';
import { inParts, type LocalFiles } from '../disk/local-files';
import { countedAhead } from '../plan/counted-ahead';
import type { Selected } from '../plan/select';
import type { Progress } from '../progress';
import type { DownloadResult } from '../result';
import { recordOf, type IndexEntry, type IndexRecord } from './index-record';
import type { Records } from './record-file';
import { Cursor } from './sorted-lists';
import { isCurrent, isUntouched, originOf } from './vouch';

/** Files that are checked before the first of them is processed. */
const LOOKED_AHEAD = 64;

export interface IndexFilterOptions {
  /** `host:port` of the server, or those of several. */
  readonly server: string;
  /** The index's entries, from the start. */
  records(): Records;
  readonly local: LocalFiles;
  readonly progress: Progress;
  /** Somebody looks at `progress`, and wants the whole early: lists are read ahead. */
  readonly isWatched: boolean;
  report(result: DownloadResult): void;
  /** Stores what was learned. */
  note(record: IndexRecord): void;
  /** Sets a file's time to the server's, if only that differs; if undefined, the time stays. Throws DISK. */
  readonly setTime?: ((name: string, mtime: number) => Promise<void>) | undefined;
}

/** A listed image that the index does not recognize as unchanged. */
export type Doubtful = Selected & { readonly entry: ImageEntry };

interface Learnt {
  readonly result: DownloadResult;
  readonly before: Stats | undefined;
  /** Its time differs from the server's, and is set before the result is reported. */
  readonly hasOtherTime: boolean;
}

/** Separates images that the index recognizes as unchanged from the others, and records the results of those. */
export class IndexFilter {
  readonly #options: IndexFilterOptions;
  #originOfServer: string | undefined;
  /** The local files of images in progress. */
  readonly #before = new Map<string, Stats | undefined>();
  /** Finished images that have not been checked yet. */
  #learnt: Learnt[] = [];
  #learning: Promise<void> = Promise.resolve();

  constructor(options: IndexFilterOptions) {
    this.#options = options;
  }

  /** Computed only when something is known or learned about an image. */
  get #origin(): string {
    return (this.#originOfServer ??= originOf(this.#options.server));
  }

  /** The images in `batches` that the index does not recognize; the others are reported as identical. */
  async *doubtful<T extends Selected>(
    batches: AsyncIterable<readonly T[]>,
  ): AsyncGenerator<readonly T[], void, undefined> {
    const index = new Cursor(this.#options.records());
    try {
      for await (const batch of this.#watched(batches, ({ entry }) => entry?.size)) {
        for (const some of inParts(batch, LOOKED_AHEAD)) yield await this.#doubtfulOnes(some, index);
        // Otherwise a server on which every file was touched would fill the memory with pending times.
        await this.#learning;
      }
    } finally {
      await index.close();
    }
  }

  async #doubtfulOnes<T extends Selected>(
    some: readonly T[],
    index: Cursor<IndexRecord>,
  ): Promise<readonly T[]> {
    const names = some.filter(({ entry }) => entry).map(({ name }) => name);
    if (names.length === 0) return some;
    const looked = await this.#options.local.lookAll(names);
    const known = await index.find(names);
    const doubtful: T[] = [];
    let at = 0;
    for (const one of some) {
      if (!one.entry) doubtful.push(one);
      else {
        const here = looked[at];
        const isVouchedFor = this.#isVouchedFor(one.entry, known[at++]?.entry, here?.found);
        if (!isVouchedFor) doubtful.push(here ? { ...one, looked: here } : one);
      }
    }
    return doubtful;
  }

  /** Entries of the index whose file has changed. For when the index is exactly the wanted list. */
  async *doubtfulOf(
    batches: AsyncIterable<readonly IndexRecord[]>,
  ): AsyncGenerator<readonly Doubtful[], void, undefined> {
    const sizeOf = ({ entry }: IndexRecord) => entry?.size;
    for await (const batch of this.#watched(withEntries(batches), sizeOf)) {
      for (const some of inParts(batch, LOOKED_AHEAD)) yield await this.#touchedOf(some);
    }
  }

  /** Counted and read ahead, where somebody looks at that. */
  #watched<T>(
    batches: AsyncIterable<readonly T[]>,
    sizeOf: (one: T) => number | undefined,
  ): AsyncIterable<readonly T[]> {
    const { progress, isWatched } = this.#options;
    return isWatched ? countedAhead(batches, progress, sizeOf) : batches;
  }

  async #touchedOf(some: readonly IndexRecord[]): Promise<Doubtful[]> {
    const looked = await this.#options.local.lookAll(some.map(({ name }) => name));
    const touched: Doubtful[] = [];
    for (const [i, { name, entry: known }] of some.entries()) {
      if (!known) continue;
      const here = looked[i];
      if (isUntouched(known, here?.found)) this.#unchanged(entryOf(known), known, here?.found);
      else {
        this.#before.set(name, here?.found);
        touched.push({ name, entry: entryOf(known), ...(here && { looked: here }) });
      }
    }
    return touched;
  }

  /** Takes the result of a doubtful image. */
  done(result: DownloadResult, written?: Written): void {
    const isKnown = this.#before.has(result.name);
    const before = this.takeBefore(result.name);
    if (isKnown && written) return this.#learnWritten(result, written);
    const hasOtherTime = result.outcome === 'identical' && this.#hasOtherTime(result, before);
    if (isKnown && result.outcome !== 'failed') this.#toLearn({ result, before, hasOtherTime });
    if (!hasOtherTime) this.#options.report(result);
  }

  #learnWritten(result: DownloadResult, { mtime, ctime }: Written): void {
    const { name, size, version, sha256 } = result;
    if (version !== undefined && size !== undefined && sha256 !== undefined)
      this.#options.note(recordOf({ name, size, mtime, ctime, origin: this.#origin, version, sha256 }));
    this.#options.report(result);
  }

  /** Images that finish at about the same time are checked together. */
  #toLearn(one: Learnt): void {
    if (this.#learnt.push(one) === 1) setImmediate(() => this.#learn());
  }

  #hasOtherTime(
    { mtime, version }: Pick<DownloadResult, 'mtime' | 'version'>,
    found: Stats | undefined,
  ): boolean {
    // A lock contains no times.
    if (!this.#options.setTime || !found || mtime === undefined || !version) return false;
    return !hasTime(found, mtime);
  }

  /** The local file of an image before it was started. */
  takeBefore(name: string): Stats | undefined {
    const before = this.#before.get(name);
    this.#before.delete(name);
    return before;
  }

  /** Resolves when everything learned is noted. */
  async flush(): Promise<void> {
    this.#learn();
    await this.#learning;
  }

  #isVouchedFor(entry: ImageEntry, known: IndexEntry | undefined, found: Stats | undefined): boolean {
    if (known && isUntouched(known, found) && isCurrent(known, entry, this.#origin)) {
      this.#unchanged(entry, known, found);
      return true;
    }
    this.#before.set(entry.name, found);
    return false;
  }

  #unchanged({ name, version, mtime }: ImageEntry, known: IndexEntry, found: Stats | undefined): void {
    const { progress, report, note } = this.#options;
    const { size, sha256 } = known;
    progress.imagesDone++;
    progress.bytesDone += size;
    // Its digest proved it; next time the server may not know the digest at once.
    // A lock contains no version: keep the known one.
    const isNew = version !== '' && (known.version !== version || known.origin !== this.#origin);
    const result = { name, outcome: 'identical', size, mtime, version, sha256, ...NOTHING_SENT } as const;
    if (isNew && this.#hasOtherTime(result, found))
      return this.#toLearn({ result, before: found, hasOtherTime: true });
    if (isNew) note(recordOf({ ...known, version, origin: this.#origin }));
    report(result);
  }

  #learn(): void {
    const learnt = this.#learnt;
    this.#learnt = [];
    if (learnt.length === 0) return;
    this.#learning = this.#learning.then(() => this.#learnAll(learnt));
    // `flush` throws it.
    this.#learning.catch(() => undefined);
  }

  async #learnAll(learnt: readonly Learnt[]): Promise<void> {
    const found = await this.#options.local.findAll(learnt.map(({ result }) => result.name));
    for (const [i, one] of learnt.entries()) {
      this.#learnOf(one, one.hasOtherTime ? await this.#setTime(one, found[i]) : found[i]);
    }
  }

  /** Sets the file's time and returns its new stats; undefined if the file may have been changed before that. */
  async #setTime({ result, before }: Learnt, found: Stats | undefined): Promise<Stats | undefined> {
    const { local, report, setTime } = this.#options;
    const { name, mtime } = result;
    const isSurelySame = found && isSame(before, found);
    try {
      if (found && looksSame(before, found)) await setTime!(name, mtime!);
    } catch (error) {
      if (!(error instanceof ResoError)) throw error;
      report({ ...result, outcome: 'failed', error, code: error.code });
      return undefined;
    }
    report(result);
    return isSurelySame ? local.find(name) : undefined;
  }

  /** Only a file that is certainly the verified one may enter the index. */
  #learnOf({ result, before, hasOtherTime }: Learnt, found: Stats | undefined): void {
    const { name, outcome, size, mtime, version, sha256 } = result;
    if (size === undefined || mtime === undefined || version === undefined || sha256 === undefined) return;
    const isWritten = outcome === 'downloaded' || hasOtherTime;
    if (!found || !(isWritten ? isAsWritten(found, { size, mtime }) : isSame(before, found))) return;
    const times = { mtime: found.mtimeMs, ctime: found.ctimeMs };
    // Verified by a lock alone, it has no server's version: then only a digest can prove it.
    const origin = version === '' ? '' : this.#origin;
    this.#options.note(recordOf({ name, size, ...times, origin, version, sha256 }));
  }
}

export const NOTHING_SENT = { bytesReceived: 0, resumedFrom: 0, attempts: 0 };

/** What the server's list says about an image in the index. */
export function entryOf({ name, size, mtime, version, sha256 }: IndexEntry): ImageEntry {
  return { name, size, mtime: Math.round(mtime * 1000), version, sha256 };
}

/** What the index knows to be gone is not asked for. */
async function* withEntries(
  batches: AsyncIterable<readonly IndexRecord[]>,
): AsyncGenerator<readonly IndexRecord[], void, undefined> {
  for await (const batch of batches) yield batch.filter(({ entry }) => entry);
}
