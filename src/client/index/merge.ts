import { compareNames } from '../../names';
import { Head, type Named } from './head';

/** How many are given out together where sources take turns. */
const BATCH = 256;

/**
 * Merges what is in ascending order of names. Where several sources have a name, only that of the last one is given.
 */
export async function* merge<T extends Named>(
  ...sources: readonly AsyncIterable<readonly T[]>[]
): AsyncGenerator<readonly T[], void, undefined> {
  const heads = sources.map((source) => new Head(source));
  let batch: T[] = [];
  try {
    for (const head of heads) await head.load();
    for (let least = leastOf(heads); least; least = leastOf(heads)) {
      const isAhead = comesBeforeOthers(least, heads);
      if (isAhead || batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
      if (isAhead) {
        yield least.takeBatch();
        await least.load();
      } else {
        const item = least.item!;
        batch.push(item);
        // Not awaited for each: most are at hand.
        for (const head of heads) if (head.item?.name === item.name && !head.step()) await head.load();
      }
    }
    yield batch;
  } finally {
    for (const head of heads) await head.close();
  }
}

/** Of several of the same name the last one. */
function leastOf<T extends Named>(heads: readonly Head<T>[]): Head<T> | undefined {
  let least: Head<T> | undefined;
  for (const head of heads) {
    if (!head.item) continue;
    if (!least || compareNames(head.item.name, least.item!.name) <= 0) least = head;
  }
  return least;
}

/** Whether all that came together at `least` comes before what the others have: often sources lie far apart. */
function comesBeforeOthers<T extends Named>(least: Head<T>, heads: readonly Head<T>[]): boolean {
  const last = least.lastOfFresh;
  if (!last) return false;
  return heads.every((head) => head === least || !head.item || compareNames(last.name, head.item.name) < 0);
}
