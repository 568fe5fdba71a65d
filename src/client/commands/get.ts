import type { Written } from '../disk/file-state';
import { LocalFiles } from '../disk/local-files';
import { OutputFolder } from '../disk/output-folder';
import { WorkFolders } from '../disk/work-folders';
import { IndexFilter } from '../index/index-filter';
import { indexError } from '../index/index-store';
import { LateStore } from '../index/late-store';
import type * as Scopes from '../plan/scope';
import type { Scope } from '../plan/scope';
import type { OnMissing, Selection } from '../plan/select';
import { newProgress } from '../progress';
import type { DownloadResult, DownloadSummary } from '../result';
import { downloadSelected, type DownloadSource } from '../transfer/download';
import type { DownloadOptions } from '../transfer/options';
import { RunHealth } from '../transfer/run-health';
import { Tally } from '../transfer/tally';

/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */

/**
 * Downloads the `selected` images, except those that are excluded or that the index of an earlier run recognizes as
 * unchanged. Large downloads are recorded in an index as they arrive, so that the next run, even after a kill, need not
 * read the files again.
 */
export async function downloadRemembering(
  source: DownloadSource,
  options: DownloadOptions,
  selected: (onMissing: OnMissing) => Selection,
): Promise<DownloadSummary> {
  const output = await OutputFolder.open(options.output ?? '.');
  const work = new WorkFolders(output);
  const health = new RunHealth(output.root);
  const store = new LateStore(work.root);
  const { dryRun } = options;
  const scope = await scopeOf(source, options, output);
  const progress = options.progress ?? newProgress();
  const tally = new Tally();
  const filter = new IndexFilter({
    server: source.server,
    records: () => store.records(),
    local: new LocalFiles(output),
    progress,
    isWatched: options.progress !== undefined,
    report(result: DownloadResult) {
      tally.add(result);
      options.onResult?.(result);
    },
    note: (record) => void (dryRun || store.note(record)),
  });
  // If images failed for the same reason, throw that very error.
  const indexFailed = (cause: unknown): never => {
    throw health.note(indexError(cause));
  };
  const onResult = (result: DownloadResult, written?: Written) => {
    // A dry run learns nothing, because it touches no file.
    if (dryRun) filter.takeBefore(result.name);
    filter.done(result, written);
  };
  try {
    if (!dryRun) await store.open().catch(indexFailed);
    await downloadSelected(
      source,
      { health, output, work },
      { ...options, progress, onResult },
      selected,
      (all) => filter.doubtful(scope ? within(scope, all) : all),
    );
  } finally {
    await filter.flush();
    await store
      .close()
      .catch(indexFailed)
      .finally(() => dryRun || work.leave());
  }
  return { ...tally.summary(source.unreadable), unusedExcludes: scope?.unusedExcludes ?? [] };
}

/** Undefined: nothing is excluded. Throws USAGE. */
async function scopeOf(
  { lister }: DownloadSource,
  { exclude, locked }: DownloadOptions,
  output: OutputFolder,
): Promise<Scope | undefined> {
  if (!exclude?.length) return undefined;
  const scopes = require('../plan/scope') as typeof Scopes;
  return scopes.scopeOf({ exclude, locked }, lister, output);
}

async function* within(scope: Scope, selected: Selection): Selection {
  for await (const some of selected) yield some.filter(({ name }) => scope.has(name));
}
