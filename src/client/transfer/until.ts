/**
 * Yields the elements of `source` until `signal` is aborted. Then it ends even if `source` never yields again, as may happen
 * with names from a terminal.
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
    // Not awaited: it may be queued behind the promise that was abandoned above.
    iterator.return?.().catch(() => undefined);
  }
}

/** The result of `promise`; undefined if `signal` is aborted first. */
function orGiven<T>(signal: AbortSignal, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const given = () => resolve(undefined);
    if (signal.aborted) given();
    signal.addEventListener('abort', given, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', given));
  });
}
