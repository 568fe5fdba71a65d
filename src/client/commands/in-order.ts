/**
 * Applies `work` to each element of `source`, at most `most` at a time, and yields the results in order. Work that has
 * started is awaited even if the iteration ends early.
 */
export async function* inOrder<In, Out>(
  source: Iterable<In> | AsyncIterable<In>,
  most: number,
  work: (one: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const begun: Promise<Out>[] = [];
  try {
    for await (const one of source) {
      const result = work(one);
      // It is awaited when its turn comes; until then a failure must not count as unhandled.
      result.catch(() => undefined);
      begun.push(result);
      if (begun.length >= most) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    await Promise.allSettled(begun);
  }
}
