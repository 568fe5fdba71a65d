import { Cursor, merge } from './sorted-lists';

interface Item {
  readonly name: string;
  readonly source: number;
}

async function* batchesOf(...batches: Item[][]): AsyncGenerator<Item[], void, undefined> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

const items = (source: number, ...names: string[]) => names.map((name) => ({ name, source }));

async function merged(...sources: AsyncIterable<readonly Item[]>[]): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of merge(...sources)) all.push(...batch.map(({ name, source }) => name + source));
  return all;
}

test('sources that lie apart, take turns, or have the same names', async () => {
  expect(await merged()).toEqual([]);
  expect(await merged(batchesOf([], items(0, 'a', 'b'), [], items(0, 'c')))).toEqual(['a0', 'b0', 'c0']);
  const apart = [batchesOf(items(0, 'c', 'd')), batchesOf(items(1, 'a', 'b')), batchesOf(items(2, 'e'))];
  expect(await merged(...apart)).toEqual(['a1', 'b1', 'c0', 'd0', 'e2']);
  const turns = [batchesOf(items(0, 'a', 'c'), items(0, 'e', 'f')), batchesOf(items(1, 'b', 'd', 'g'))];
  expect(await merged(...turns)).toEqual(['a0', 'b1', 'c0', 'd1', 'e0', 'f0', 'g1']);
  const same = [batchesOf(items(0, 'a', 'b', 'c')), batchesOf(items(1, 'b')), batchesOf(items(2, 'b', 'c'))];
  expect(await merged(...same)).toEqual(['a0', 'b2', 'c2']);
});

test('of many in batches of any size, the last source of a name wins', async () => {
  let random = 7;
  const next = (limit: number) => (random = (random * 48271) % 0x7fffffff) % limit;
  for (let round = 0; round < 200; round++) {
    const expected = new Map<string, string>();
    const sources = Array.from({ length: 1 + next(4) }, (_, source) => {
      const names = Array.from({ length: 40 }, (_, i) => `${100 + i}`).filter(() => next(3) > 0);
      for (const name of names) expected.set(name, name + source);
      const batches: Item[][] = [];
      for (let at = 0; at < names.length;) {
        const size = next(12);
        batches.push(items(source, ...names.slice(at, at + size)));
        at += size;
      }
      return batchesOf(...batches);
    });
    expect(await merged(...sources)).toEqual([...expected.keys()].sort().map((name) => expected.get(name)));
  }
});

test('all sources are closed, also where nobody takes the rest', async () => {
  const closed: number[] = [];
  async function* source(number: number): AsyncGenerator<Item[], void, undefined> {
    try {
      yield* batchesOf(items(number, `a${number}`), items(number, `b${number}`));
    } finally {
      closed.push(number);
    }
  }
  for await (const batch of merge(source(0), source(1))) if (batch.length > 0) break;
  expect(closed.sort()).toEqual([0, 1]);
});

test('a cursor finds what is there, goes on over batches, and reads to the end', async () => {
  const cursor = new Cursor(batchesOf(items(0, 'b', 'd'), [], items(0, 'e', 'g'), items(0, 'i')));
  const found = async (...names: string[]) => (await cursor.find(names)).map((one) => one?.name);
  expect(await found()).toEqual([]);
  expect(await found('a', 'b', 'c')).toEqual([undefined, 'b', undefined]);
  expect(await found('e')).toEqual(['e']);
  // Behind it already.
  expect(await found('d', 'e', 'f', 'g')).toEqual([undefined, 'e', undefined, 'g']);
  await cursor.drain();
  expect(await found('i', 'z')).toEqual([undefined, undefined]);
  await cursor.close();
});
