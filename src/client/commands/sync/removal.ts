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

/** How often listing is restarted because the images changed. */
const TRIES = 4;
/** Milliseconds before the second attempt; longer before each further one. */
const PAUSE = 500;

/** A file in the folder, or its entry in the index. */
interface Candidate {
  readonly name: string;
  readonly entry?: IndexEntry | undefined;
}

interface Survey {
  readonly generation: string | undefined;
  /** Images that the server has. */
  readonly listed: number;
  /** Images and folders that the server can't read. */
  readonly unreadable: number;
  /** Files that syncs downloaded. */
  readonly brought: number;
  /** How many of them would be deleted. */
  readonly gone: number;
  /** All files that the server does not have. */
  readonly absent: number;
}

/**
 * Deletes what the server no longer has. The whole list is first read and counted. Only then is a list of the same state
 * read again and files are deleted, so nothing has to be remembered, however many there are.
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

/** Only if names have several spellings is the list read once more, to find what it contains under other spellings. */
async function surveyOf(context: SyncContext): Promise<{ survey: Survey; listed: ListedKeys | undefined }> {
  const survey = await look(context, undefined);
  if (survey) return { survey, listed: undefined };
  const listed = await ListedKeys.of(context);
  return { survey: (await look(context, listed))!, listed };
}

/** Undefined if `listed` is needed but was not given. */
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

/** An unmounted volume on the server must not delete the copies. */
function refuseTooMany(
  { listed, unreadable, brought, gone }: Survey,
  { wanted, options }: SyncContext,
): void {
  if (gone === 0 || (listed > 0 && gone * 2 <= brought)) return;
  const { from, doubt } = wanted;
  const isPart = [options.include, options.exclude].some((globs) => globs && globs.length > 0);
  const some = unreadable > 0 ? `, and can't read ${unreadable} images or folders` : '';
  let why = `${from} lacks ${gone} of ${brought} files${some}. ${doubt}`;
  // Whether it has other images is unknown.
  if (listed === 0) {
    why = isPart
      ? `no image of ${from} is selected. ${doubt}, or --include and --exclude may be wrong`
      : `${from} has no images${some}. ${doubt}`;
  }
  throw new LocalError('TOO_MANY_GONE', `Nothing was deleted: ${why}. If this is expected, use --force.`);
}

/** `onServed` is called for each file in the index that is wanted. */
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
    "Nothing more was deleted: the server's images kept changing while they were listed.",
  );
}
