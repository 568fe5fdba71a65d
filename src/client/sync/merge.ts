import { compareNames } from '../../names';

interface Named {
  readonly name: string;
}

/**
 * Merges what is in ascending order of names. Where several sources have a name, only that of the last one is given.
 */
export async function* merge<T extends Named>(
  ...sources: readonly AsyncIterable<T>[]
): AsyncGenerator<T, void, undefined> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads: (T | undefined)[] = [];
    for (const iterator of iterators) heads.push(await nextOf(iterator));
    for (;;) {
      const least = leastOf(heads);
      if (!least) return;
      yield least;
      for (const [i, iterator] of iterators.entries()) {
        if (heads[i]?.name === least.name) heads[i] = await nextOf(iterator);
      }
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T | undefined> {
  const next = await iterator.next();
  return next.done ? undefined : next.value;
}

function leastOf<T extends Named>(heads: readonly (T | undefined)[]): T | undefined {
  let least: T | undefined;
  for (const head of heads) {
    if (head && (!least || compareNames(head.name, least.name) <= 0)) least = head;
  }
  return least;
}
