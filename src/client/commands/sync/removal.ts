import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError, ResoError } from '../../../errors';
import { hasOtherSpellings } from '../../disk/spellings';
import { walk } from '../../disk/walk';
import type { IndexEntry } from '../../index/index-record';
import { Cursor, merge } from '../../index/sorted-lists';
import { isUntouched } from '../../index/vouch';
import type { SyncContext } from './context';
import { ListedKeys } from './name-hashes';
import { Remover, type Absent } from './remover';
import { SteadyListing, Unsteady } from './wanted-list';

/** How often a list is begun anew because the images changed meanwhile. */
const TRIES = 4;
/** Milliseconds before the second try; longer before each further one. */
const PAUSE = 500;

/** A file in the folder, or what the index says of one. */
interface Candidate {
  readonly name: string;
  readonly entry?: IndexEntry | undefined;
}

interface Survey {
  readonly generation: string | undefined;
  /** Images that the server has. */
  readonly listed: number;
  /** What it has, too, but can't read. */
  readonly unreadable: number;
  /** Files that syncs brought. */
  readonly brought: number;
  /** Those of them that would be deleted. */
  readonly gone: number;
  /** All that the server does not have. */
  readonly absent: number;
}

/**
 * Deletes what the server no longer has. First the whole list is read and counted; only then, while a list of the same
 * state is read again, files are deleted: so nothing need be remembered, however many there are.
 */
export async function removeAbsent(context: SyncContext): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await removeOnce(context);
    } catch (error) {
      if (!(error instanceof Unsteady)) throw error;
      if (tries === TRIES) throw unsteady();
      await sleep(PAUSE * tries, undefined, { signal: context.source.signal }).catch(() => undefined);
    }
  }
}

async function removeOnce(context: SyncContext): Promise<void> {
  const { survey, listed } = await surveyOf(context);
  if (survey.absent === 0) return;
  if (!context.options.force) refuseTooMany(survey, context);
  const remover = new Remover(context);
  const listing = new SteadyListing(survey.generation);
  try {
    for await (const absent of absentOnes(context, listing, listed, () => undefined)) {
      await remover.take(absent);
    }
  } finally {
    await remover.end();
  }
}

/** Only where names have several spellings the list is read once more, for what it holds under others. */
async function surveyOf(context: SyncContext): Promise<{ survey: Survey; listed: ListedKeys | undefined }> {
  const survey = await look(context, undefined);
  if (survey) return { survey, listed: undefined };
  const listed = await ListedKeys.of(context);
  return { survey: (await look(context, listed))!, listed };
}

/** Undefined where `listed` is needed and was not given. */
async function look(context: SyncContext, listed: ListedKeys | undefined): Promise<Survey | undefined> {
  const listing = new SteadyListing(listed?.generation);
  let brought = 0;
  let gone = 0;
  let absent = 0;
  for await (const one of absentOnes(context, listing, listed, () => brought++)) {
    const { name, entry, found, isHeld } = one;
    if (!listed && (await hasOtherSpellings(context.output, name, found))) return undefined;
    absent++;
    if (!entry) continue;
    brought++;
    if (!isHeld && isUntouched(entry, found)) gone++;
  }
  const { generation, count, unreadable } = listing;
  return { generation, listed: count, unreadable, brought, gone, absent };
}

/** An unmounted volume must not empty the copies. */
function refuseTooMany(
  { listed, unreadable, brought, gone }: Survey,
  { wanted, options }: SyncContext,
): void {
  if (gone === 0 || (listed > 0 && gone * 2 <= brought)) return;
  const { from, doubt } = wanted;
  const isPart = [options.include, options.exclude].some((globs) => globs && globs.length > 0);
  const some = unreadable > 0 ? `, and can't read ${unreadable} images or folders` : '';
  let why = `${from} lacks ${gone} of ${brought} files${some}. ${doubt}`;
  // Whether it has others was not asked.
  if (listed === 0) {
    why = isPart
      ? `none of the images of ${from} is selected. ${doubt}, or --include and --exclude may be wrong`
      : `${from} has no images${some}. ${doubt}`;
  }
  throw new LocalError(
    'TOO_MANY_GONE',
    `Nothing was deleted: ${why}; if that is as it should be, use --force.`,
  );
}

/** `onServed` is called for each file of the index that is wanted. */
async function* absentOnes(
  { wanted, scope, local, store, output }: SyncContext,
  listing: SteadyListing,
  listed: ListedKeys | undefined,
  onServed: () => void,
): AsyncGenerator<Absent, void, undefined> {
  const served = new Cursor(listing.read(wanted.pages, scope));
  try {
    for await (const batch of merge<Candidate>(walk(output.root), store.records())) {
      const here = batch.filter(({ name }) => scope.has(name));
      const wantedOnes = await served.find(here.map(({ name }) => name));
      for (const [i, { name, entry }] of here.entries()) {
        if (wantedOnes[i]) {
          if (entry) onServed();
          continue;
        }
        const found = await local.find(name);
        if (!found?.isFile()) continue;
        const mayBeHeld = listed?.mayHave(name) ?? false;
        const isHeld = mayBeHeld && (await hasOtherSpellings(output, name, found));
        yield { name, found, entry, isHeld };
      }
    }
    await served.drain();
  } finally {
    await served.close();
  }
}

function unsteady(): ResoError {
  return new ResoError(
    'CHANGED',
    'Nothing more was deleted: the images of the server changed each time while they were listed.',
  );
}
