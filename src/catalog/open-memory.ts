import { createHash } from 'node:crypto';
import { describeCause, systemPath } from '../errors';
import { LayeredDigests, type DigestStore } from './digests/digest-store';
import { MemoryDigests } from './digests/memory-digests';
import { MemoryFacts, type FactsStore } from './facts/facts-store';
import { LmdbDigests } from './lmdb/lmdb-digests';
import { LmdbFacts } from './lmdb/lmdb-facts';
import { LmdbTable } from './lmdb/lmdb-table';
import { ENTRIES, openLmdbRoot, type LmdbRoot, type Loss } from './lmdb/root';
import type { EntryTable } from './table/entry-table';
import { MemoryTable } from './table/memory-table';
import { SafeTable } from './table/safe-table';

/** Bytes of digests in memory if there is a disk: they are on their way there. */
const BEFORE_DISK = 1_048_576;

/** What a catalog remembers. */
export interface CatalogMemory {
  readonly digests: DigestStore;
  readonly facts: FactsStore;
  readonly entries: EntryTable;
  /** No other call may be running or follow. */
  close(): Promise<void>;
}

/**
 * Memory kept in folder `state`, or only in this process if there is none or it can't be used. `identity` identifies the
 * store.
 */
export async function openMemory(
  state: string | undefined,
  { identity, factsKind }: { readonly identity: string; readonly factsKind: string },
  onWarning: (message: string) => void,
): Promise<CatalogMemory> {
  if (state === undefined) return onlyHere();
  const onError = once((error: unknown) => onWarning(cannotKeep(state, error)));
  try {
    const root = await openLmdbRoot(state, (path, loss) => onWarning(LOSSES[loss](path)));
    const table = ENTRIES + nameFor(identity);
    if (isOfOthers(root, table)) onWarning(madeForOthers(root.path));
    const digests = new LayeredDigests(new MemoryDigests(BEFORE_DISK), new LmdbDigests(root, onError));
    const entries = new SafeTable(new LmdbTable(root, table), onError);
    const facts = new LmdbFacts(root, factsKind, onError);
    return { digests, facts, entries, close: () => (digests.close(), facts.close(), root.close()) };
  } catch (error) {
    onError(error);
    return onlyHere();
  }
}

function onlyHere(): CatalogMemory {
  const [digests, facts, entries] = [new MemoryDigests(), new MemoryFacts(), new MemoryTable()];
  return { digests, facts, entries, close: () => Promise.resolve() };
}

/** Whether it contains the lists of other folders but not the one called `table`. */
function isOfOthers({ tables }: LmdbRoot, table: string): boolean {
  return !tables.includes(table) && tables.some((name) => name.startsWith(ENTRIES));
}

function nameFor(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

const LOSSES: Readonly<Record<Loss, (path: string) => string>> = {
  damaged: (path) =>
    `${path} was damaged or made by another version. Keeping it as ${path}.damaged and starting a new one.`,
  gone: (path) => `${path} has disappeared. Starting a new one.`,
  taken: (path) =>
    `A server in another container uses this state folder. Keeping digests in ${path} instead.`,
};

function madeForOthers(path: string): string {
  return `${path} was made for another folder. Adding this folder's list and computing the digests that are missing.`;
}

function cannotKeep(state: string, error: unknown): string {
  const place = systemPath(error) ?? state;
  return `Digests are kept in memory only, because ${place} can't be used: ${describeCause(error)}.`;
}

function once<T>(call: (argument: T) => void): (argument: T) => void {
  let isDone = false;
  return (argument) => {
    if (!isDone) call(argument);
    isDone = true;
  };
}
