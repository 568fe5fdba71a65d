import { until } from './until';

async function* endless(): AsyncGenerator<string> {
  yield 'a';
  await new Promise(() => undefined);
}

const collect = async (source: AsyncIterable<string>, on: (one: string) => void = () => undefined) => {
  const all: string[] = [];
  for await (const one of source) {
    all.push(one);
    on(one);
  }
  return all;
};

test('ends when the signal is given, whatever the source waits for', async () => {
  const abort = new AbortController();
  const all = await collect(until(abort.signal, endless()), () => setImmediate(() => abort.abort()));
  expect(all).toEqual(['a']);
  expect(await collect(until(abort.signal, endless()))).toEqual([]);
});

test('yields what the source does, and throws what it throws', async () => {
  const { signal } = new AbortController();
  async function* failing() {
    yield* ['a', 'b'];
    await Promise.reject(new Error('torn'));
  }
  expect(await collect(until(signal, ['a', 'b']))).toEqual(['a', 'b']);
  expect(await collect(until(undefined, ['a', 'b']))).toEqual(['a', 'b']);
  await expect(collect(until(signal, failing()))).rejects.toThrow('torn');
});
