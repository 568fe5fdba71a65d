import type { ResoError } from '../../../errors';
import { Durability } from '../../disk/durability';
import { LocalFiles } from '../../disk/local-files';
import { OutputFolder } from '../../disk/output-folder';
import { WorkFolders } from '../../disk/work-folders';
import { NOTHING_SENT } from '../../index/index-filter';
import type { Generation } from '../../index/index-mark';
import { indexError, IndexStore } from '../../index/index-store';
import { originOf } from '../../index/vouch';
import { missingOf, scopeOf } from '../../plan/scope';
import { RunHealth } from '../../transfer/run-health';
import { Tally } from '../../transfer/tally';
import type { SyncContext, SyncSource } from './context';
import { checkNames } from './name-check';
import type { Postponed } from './postponed';
import type { SyncOptions, SyncResult, SyncSummary } from './options';
import { removeAbsent } from './removal';
import { SyncFetch } from './sync-fetch';
import { wantedOfIndex, wantedOfLock, wantedOfServer, type WantedList } from './wanted-list';

export type { SyncSource } from './context';

/** Makes a folder match the server, or a lock; see `Client.sync`. */
export async function sync(source: SyncSource, folder: string, options: SyncOptions): Promise<SyncSummary> {
  return (await syncOnce(source, folder, options)).summary;
}

/** What one sync of many leaves to the next one. */
export interface Round {
  readonly summary: SyncSummary;
  /** The state of the server that was synced; undefined if there was more than one. */
  readonly generation: string | undefined;
  /** Some images are still being written, or changed meanwhile: the next sync should follow soon. */
  readonly isUnfinished: boolean;
  /** Why nothing was deleted. */
  readonly refusal: ResoError | undefined;
}

/** With `postponed`, images that are not settled are left to the next sync, and a refusal to delete is no error. */
export async function syncOnce(
  source: SyncSource,
  folder: string,
  options: SyncOptions,
  postponed?: Postponed,
): Promise<Round> {
  const tally = new SyncTally();
  const output = await OutputFolder.open(folder);
  const work = new WorkFolders(output);
  const root = work.root;
  const origin = originOf(source.server);
  const isWhole = !options.locked && !options.include?.length && !options.exclude?.length;
  // Create nothing here if the server can't be reached.
  const known = await knownGeneration(source, isWhole ? new IndexStore(root, '') : undefined, origin);
  const scope = await scopeOf(options, source.lister, output);
  const owner = options.dryRun ? '' : (await root.enter()).id;
  const store = new IndexStore(root, owner);
  const reportAll = (result: SyncResult) => {
    tally.add(result);
    options.onResult?.(result);
  };
  const report = (result: SyncResult) => postponed?.takes(result) || reportAll(result);
  const isKnown = known !== undefined;
  const wanted = wantedBy(source, options, store, known);
  const local = new LocalFiles(output);
  const health = new RunHealth(output.root);
  const context: SyncContext = {
    ...{ source, wanted, options, output, work, health, local, store, scope, isKnown, report, postponed },
  };
  // If images failed for the same reason, throw that very error.
  const indexFailed = (cause: unknown): never => {
    throw health.note(indexError(cause));
  };
  let fetch: SyncFetch;
  try {
    if (!options.dryRun) await store.adopt().catch(indexFailed);
    if (options.durable && !options.dryRun) await new Durability(output).enterRoot();
    if (!isKnown) await checkNames(context, root, owner);
    fetch = await run(context);
  } finally {
    await store
      .close()
      .catch(indexFailed)
      .finally(() => options.dryRun || work.leave());
  }
  for (const missing of missingOf(scope, options.locked)) reportAll({ ...missing, ...NOTHING_SENT });
  const counts = tally.summary(known?.unreadable ?? fetch.unreadable);
  const summary = { ...counts, unusedExcludes: scope.unusedExcludes };
  const { listed } = fetch;
  const isUnfinished = postponed?.hasAny ?? false;
  const refusal = postponed?.refusal;
  const isComplete = isWhole && !options.dryRun && summary.failed === 0 && !isUnfinished && !refusal;
  if (isComplete && isKnown) await store.markAs(origin, known);
  else if (isComplete && listed) await store.markAs(origin, listed, listed.images);
  const { generation } = known ?? listed ?? {};
  return { summary, generation, refusal, isUnfinished };
}

/** The server's generation and what is known about its list, if the index is exactly that list. */
async function knownGeneration(
  source: SyncSource,
  store: IndexStore | undefined,
  origin: string,
): Promise<Generation | undefined> {
  const known = await store?.generationOf(origin);
  if (known && (await source.isOf(known.generation))) return known;
  if (!known) await source.reach();
  return undefined;
}

function wantedBy(
  source: SyncSource,
  { locked }: SyncOptions,
  store: IndexStore,
  known: Generation | undefined,
): WantedList {
  if (locked) return wantedOfLock(locked);
  const wanted = wantedOfServer(source.lister);
  return known === undefined ? wanted : wantedOfIndex(wanted, store, known.generation);
}

async function run(context: SyncContext): Promise<SyncFetch> {
  const { source, options } = context;
  const fetch = new SyncFetch(context);
  try {
    await fetch.run();
    if (options.delete) {
      // The index also knows what was just downloaded, but all of that is wanted.
      await removeAbsent(options.dryRun ? telling(context, fetch) : context).catch((error: unknown) => {
        if (!context.postponed?.refuses(error)) throw error;
      });
      await fetch.runAgain();
    }
  } finally {
    fetch.giveUp();
  }
  const aborted = source.aborted();
  if (aborted) throw aborted;
  return fetch;
}

function telling(context: SyncContext, fetch: SyncFetch): SyncContext {
  const report = (result: SyncResult) => {
    if (result.outcome === 'deleted') fetch.wouldDelete(result.name);
    context.report(result);
  };
  return { ...context, report };
}

class SyncTally {
  readonly #images = new Tally();
  #deleted = 0;
  #kept = 0;

  add(result: SyncResult): void {
    const { outcome } = result;
    if (outcome === 'deleted') this.#deleted++;
    else if (outcome === 'kept') this.#kept++;
    else this.#images.add({ ...result, outcome });
  }

  summary(unreadable: number): Omit<SyncSummary, 'unusedExcludes'> {
    return { ...this.#images.summary(unreadable), deleted: this.#deleted, kept: this.#kept };
  }
}
