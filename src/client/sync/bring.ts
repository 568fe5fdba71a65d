import type { Stats } from 'node:fs';
import type { ImageEntry } from '../../protocol';
import { downloadSelected } from '../download/download';
import type { Selected } from '../download/select';
import { newProgress, type Progress } from '../progress';
import type { DownloadResult } from '../result';
import type { SyncContext } from './context';
import { Cursor } from './cursor';
import { foresee } from './foresee';
import { recordOf, type IndexEntry } from './index-record';
import { isAsWritten, isCurrent, isSame, isUntouched, originOf } from './vouch';

/** Brings what is wanted: goes through its list and the index side by side, and downloads what is not vouched for. */
export class Bringing {
  readonly #context: SyncContext;
  readonly #origin: string;
  readonly #progress: Progress;
  /** What lay here of those that are under way. */
  readonly #before = new Map<string, Stats | undefined>();
  readonly #learning = new Set<Promise<void>>();

  constructor(context: SyncContext) {
    this.#context = context;
    this.#origin = originOf(context.source.server);
    this.#progress = context.options.progress ?? newProgress();
  }

  async run(output: string): Promise<void> {
    const { source, options } = this.#context;
    if (options.dryRun) {
      for await (const one of this.#doubtful()) await this.#foresee(one);
      return;
    }
    const onResult = this.#done.bind(this);
    const { durable } = options;
    const settings = { output, overwrite: true, durable, onResult, progress: this.#progress };
    try {
      await downloadSelected(source, settings, () => this.#doubtful());
    } finally {
      await Promise.all(this.#learning);
    }
  }

  /** What the index does not vouch for. */
  async *#doubtful(): AsyncGenerator<Doubtful, void, undefined> {
    const { wanted, scope, store, local } = this.#context;
    const index = new Cursor(store.records());
    try {
      for await (const { images } of wanted.pages(scope.globs)) {
        for (const entry of images) {
          if (!scope.has(entry.name)) continue;
          const known = (await index.find(entry.name))?.entry;
          const found = await local.find(entry.name);
          if (known && isUntouched(known, found) && isCurrent(known, entry, this.#origin)) {
            this.#unchanged(entry, known);
          } else {
            this.#before.set(entry.name, found);
            yield wanted.select(entry);
          }
        }
      }
    } finally {
      await index.close();
    }
  }

  #unchanged({ name, version, mtime }: ImageEntry, known: IndexEntry): void {
    const { store, report, options } = this.#context;
    const { size, sha256 } = known;
    this.#progress.imagesTotal++;
    this.#progress.imagesDone++;
    this.#progress.bytesTotal += size;
    this.#progress.bytesDone += size;
    // Its digest vouched for it: next time the server may not know that at once.
    // A lock knows no version: what is known of one stays.
    const isNew = version !== '' && (known.version !== version || known.origin !== this.#origin);
    if (isNew && !options.dryRun) store.note(recordOf({ ...known, version, origin: this.#origin }));
    report({ name, outcome: 'identical', size, mtime, version, sha256, ...NOTHING_SENT });
  }

  async #foresee(one: Doubtful): Promise<void> {
    const { name, size } = one.entry;
    const found = this.#before.get(name);
    this.#before.delete(name);
    this.#context.report({ name, size, ...NOTHING_SENT, ...(await foresee(this.#context, one, found)) });
  }

  #done(result: DownloadResult): void {
    const before = this.#before.get(result.name);
    this.#before.delete(result.name);
    if (result.outcome !== 'failed') {
      const learning = this.#learn(result, before).finally(() => this.#learning.delete(learning));
      this.#learning.add(learning);
    }
    this.#context.report(result);
  }

  /** Only a file that surely is the one that was proven may be vouched for. */
  async #learn(result: DownloadResult, before: Stats | undefined): Promise<void> {
    const { name, outcome, size, mtime, version, sha256 } = result;
    if (size === undefined || mtime === undefined || version === undefined || sha256 === undefined) return;
    const { local, store } = this.#context;
    const found = await local.find(name);
    if (!found || !(outcome === 'downloaded' ? isAsWritten(found, { size, mtime }) : isSame(before, found)))
      return;
    const times = { mtime: found.mtimeMs, ctime: found.ctimeMs };
    // Proven by a lock alone, it is no server's version: then only a digest vouches for it.
    const origin = version === '' ? '' : this.#origin;
    store.note(recordOf({ name, size, ...times, origin, version, sha256 }));
  }
}

type Doubtful = Selected & { readonly entry: ImageEntry };

const NOTHING_SENT = { bytesReceived: 0, resumedFrom: 0, attempts: 0 };
