/**
 * What `source` yields until `signal` is given: then it ends, also if `source` never yields again, as names from a
 * terminal may not.
 */
export async function* until<T>(
  signal: AbortSignal | undefined,
  source: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  if (!signal || !(Symbol.asyncIterator in source)) return yield* source;
  const iterator = source[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await orGiven(signal, iterator.next());
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it may stand behind what was not waited for above.
    iterator.return?.().catch(() => undefined);
  }
}

/** What `promise` comes to; undefined if `signal` is given before. */
function orGiven<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const given = () => resolve(undefined);
    if (signal.aborted) given();
    signal.addEventListener('abort', given, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', given));
  });
}
