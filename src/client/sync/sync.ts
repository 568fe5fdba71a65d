import { Durability } from '../download/durability';
import { OutputFolder } from '../download/output-folder';
import { Tally } from '../download/tally';
import { WorkFolder } from '../download/work-folder';
import { Bringing } from './bring';
import type { SyncContext, SyncSource } from './context';
import { indexError } from './index-error';
import { IndexStore } from './index-store';
import { LocalFiles } from './local-files';
import { checkNames } from './name-check';
import type { SyncOptions, SyncResult, SyncSummary } from './options';
import { removeAbsent } from './removal';
import { scopeOf } from './scope';
import { wantedOfServer } from './wanted';
import { wantedOfLock } from './wanted-locked';

export type { SyncSource } from './context';

/** Makes a folder hold what the server holds, or a lock names, as `Client.sync` says. */
export async function sync(source: SyncSource, folder: string, options: SyncOptions): Promise<SyncSummary> {
  const tally = new SyncTally();
  const scope = scopeOf(options.include, options.exclude);
  // Nothing is made here for a server that nobody reaches.
  await source.reach();
  const output = new OutputFolder(folder);
  const work = new WorkFolder(await output.root());
  const owner = options.dryRun ? '' : (await work.enter()).id;
  const store = new IndexStore(work, owner);
  const report = (result: SyncResult) => {
    tally.add(result);
    options.onResult?.(result);
  };
  const wanted = options.locked ? wantedOfLock(options.locked) : wantedOfServer(source);
  const context = { source, wanted, options, output, local: new LocalFiles(output), store, scope, report };
  try {
    if (!options.dryRun) await store.adopt().catch(indexError);
    if (options.durable && !options.dryRun) await new Durability(output).enterRoot();
    await checkNames(context, work, owner);
    await run(context, folder);
  } finally {
    await store
      .close()
      .catch(indexError)
      .finally(() => work.leave());
  }
  return tally.summary();
}

async function run(context: SyncContext, folder: string): Promise<void> {
  const { source, options } = context;
  await new Bringing(context).run(folder);
  // What came is known by the index as well, but all of that is wanted.
  if (options.delete) await removeAbsent(context);
  const aborted = source.aborted();
  if (aborted) throw aborted;
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

  summary(): SyncSummary {
    return { ...this.#images.summary(), deleted: this.#deleted, kept: this.#kept };
  }
}
