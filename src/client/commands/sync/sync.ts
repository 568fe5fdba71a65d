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
import type { SyncOptions, SyncResult, SyncSummary } from './options';
import { removeAbsent } from './removal';
import { SyncFetch } from './sync-fetch';
import { wantedOfIndex, wantedOfLock, wantedOfServer, type WantedList } from './wanted-list';

export type { SyncSource } from './context';

/** Makes a folder match the server, or a lock; see `Client.sync`. */
export async function sync(source: SyncSource, folder: string, options: SyncOptions): Promise<SyncSummary> {
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
  const report = (result: SyncResult) => {
    tally.add(result);
    options.onResult?.(result);
  };
  const isKnown = known !== undefined;
  const wanted = wantedBy(source, options, store, known);
  const local = new LocalFiles(output);
  const health = new RunHealth(output.root);
  const context = { source, wanted, options, output, work, health, local, store, scope, isKnown, report };
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
  for (const missing of missingOf(scope, options.locked)) report({ ...missing, ...NOTHING_SENT });
  const counts = tally.summary(known?.unreadable ?? fetch.unreadable);
  const summary = { ...counts, unusedExcludes: scope.unusedExcludes };
  const { listed } = fetch;
  const isComplete = isWhole && !options.dryRun && summary.failed === 0;
  if (isComplete && isKnown) await store.markAs(origin, known);
  else if (isComplete && listed) await store.markAs(origin, listed, listed.images);
  return summary;
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
      await removeAbsent(options.dryRun ? telling(context, fetch) : context);
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
