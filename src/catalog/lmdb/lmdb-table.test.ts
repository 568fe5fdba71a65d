import { randomInt } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareNames } from '../../names';
import type { ImageStore, Scan, StoredEntry } from '../../stores';
import { nothingLeftOut } from '../../stores/left-out';
import type { EntryTable } from '../table/entry-table';
import { MemoryTable } from '../table/memory-table';
import { LmdbTable } from './lmdb-table';
import { openLmdbRoot, type LmdbRoot } from './root';

const seed = Number(process.env['RESO_TEST_SEED'] ?? randomInt(2 ** 31));

let state: string;
let root: LmdbRoot;
beforeEach(async () => {
  state = await realpath(await mkdtemp(join(tmpdir(), 'reso-table-')));
  root = await openLmdbRoot(state, (path) => fail(path));
});
afterEach(async () => {
  await root.close();
  await rm(state, { recursive: true });
});

function fail(path: string): never {
  throw new Error(`${path} is damaged`);
}

const entry = (name: string, version = 'v1', size = 1): StoredEntry => ({
  name,
  version,
  size,
  mtime: 0,
  changedAt: 0,
});

/** Versions about which scans were asked whether they can be read. Those that end in `!` can't be. */
let asked: string[];
beforeEach(() => (asked = []));

function scanOf(batches: AsyncIterable<readonly StoredEntry[]>): Scan {
  const checked = (entries: readonly StoredEntry[]) => {
    asked.push(...entries.map(({ name, version }) => `${name} ${version}`));
    const marked = entries.map((one) => (one.version.endsWith('!') ? { ...one, unreadable: 'no' } : one));
    return Promise.resolve(marked);
  };
  return { batches, checked, leftOut: nothingLeftOut(), leftOutNames: {} };
}

/** A store that has these, in this order, a few at a time. */
function storeOf(entries: readonly StoredEntry[], few = 7): ImageStore {
  async function* batches() {
    for (let i = 0; i < entries.length; i += few) yield entries.slice(i, i + few);
  }
  const scan = () => scanOf(batches());
  const none = () => Promise.reject(new Error('is not asked for'));
  const look = () => Promise.resolve(0);
  const [readAtOnce, close] = [() => undefined, () => undefined];
  const unknown = { changes: undefined, changedFiles: () => Promise.resolve(undefined) };
  return { identity: 'test', ...unknown, scan, open: none, stat: none, readAtOnce, look, close };
}

function all(table: EntryTable, chunk = 5): StoredEntry[] {
  const found: StoredEntry[] = [];
  for (let after: string | undefined; ; after = found.at(-1)!.name) {
    const some = table.next(after, chunk);
    found.push(...some);
    if (some.length < chunk) return found.map(({ name, version, size }) => entry(name, version, size));
  }
}

describe.each([
  ['on disk', () => new LmdbTable(root, 'entries-2-test')],
  ['in memory', () => new MemoryTable()],
])('%s', (_, make) => {
  test('what a scan finds, in byte order, whatever order it comes in', async () => {
    const table = make();
    const names = [
      'b.jpg',
      'a/z.jpg',
      'a.jpg',
      'a-b.jpg',
      '\u{1f600}.jpg',
      '\uff5e.jpg',
      'é.jpg',
      'a/a/b.jpg',
    ];
    await table.update(storeOf(names.map((name) => entry(name))));
    expect(all(table).map(({ name }) => name)).toEqual([...names].sort(compareNames));
    expect(table.images).toBe(8);
    expect(table.next('a.jpg', 1)).toMatchObject([{ name: 'a/a/b.jpg' }]);
    expect(table.next('a/a', 1)).toMatchObject([{ name: 'a/a/b.jpg' }]);
    expect(table.next('\u{1f600}.jpg', 9)).toEqual([]);
    expect(table.next('', 9)).toEqual(table.next(undefined, 9));
  });

  test('what is asked for behind may be longer than any name', async () => {
    const table = make();
    const longest = `${'a/'.repeat(500)}${'b'.repeat(20)}.jpg`;
    const names = ['0.jpg', longest, 'b.jpg'];
    await table.update(storeOf(names.map((name) => entry(name))));
    for (const length of [1024, 1025, 4095, 4096, 65_536]) {
      for (const after of [longest.padEnd(length, 'x'), 'a'.repeat(length), 'é'.repeat(length / 2)]) {
        const behind = names.filter((name) => compareNames(name, after) > 0);
        expect(table.next(after, 9).map(({ name }) => name)).toEqual(behind);
      }
    }
  });

  test('generations tell states apart, and know them again', async () => {
    const table = make();
    const states = [
      [],
      [entry('a', 'v1', 3), entry('b')],
      [entry('b'), entry('a', 'v2', 4)],
      [entry('b')],
      [entry('a', 'v1', 3)],
    ];
    const generations: string[] = [];
    for (const one of [...states, ...states]) {
      await table.update(storeOf(one));
      generations.push(table.generation);
      expect(table.bytes).toBe(one.reduce((sum, { size }) => sum + size, 0));
    }
    expect(new Set(generations).size).toBe(states.length);
    expect(generations.slice(states.length)).toEqual(generations.slice(0, states.length));
  });

  test('what can be read is looked at once per version, and what is not is no image', async () => {
    const table = make();
    await table.update(storeOf([entry('a'), entry('b', 'v1!', 3)]));
    expect([table.images, table.bytes, table.unreadable]).toEqual([1, 1, 1]);
    const first = table.generation;
    expect(asked.splice(0).sort()).toEqual(['a v1', 'b v1!']);
    await table.update(storeOf([entry('a'), entry('b', 'v1!', 3)]));
    expect(asked).toEqual([]);
    expect(table.generation).toBe(first);
    const { leftOut } = await table.update(storeOf([entry('a', 'v2!'), entry('b', 'v2', 3)]));
    expect(asked.splice(0).sort()).toEqual(['a v2!', 'b v2']);
    expect([table.images, table.bytes, table.unreadable]).toEqual([1, 3, 1]);
    expect(leftOut.unreadable).toBe(1);
    expect(table.next(undefined, 9).map(({ name, unreadable }) => [name, unreadable])).toEqual([
      ['a', 'no'],
      ['b', undefined],
    ]);
    await table.update(storeOf([entry('b', 'v2', 3)]));
    expect([table.images, table.unreadable]).toEqual([1, 0]);
    expect(asked).toEqual([]);
  });

  test('an image that can no longer be read makes another generation, also at the same version', async () => {
    const table = make();
    await table.update(storeOf([entry('a')]));
    const readable = table.generation;
    await table.update(storeOf([{ ...entry('a'), unreadable: 'no' }]));
    expect(table.generation).not.toBe(readable);
    expect(table.unreadable).toBe(1);
  });

  test('what can no longer be read is told once, some of it by name', async () => {
    const warnings: string[] = [];
    const table = make();
    const scan = async (names: string[], version: string) => {
      const { unreadable } = await table.update(storeOf(names.map((name) => entry(name, version))));
      unreadable.tell((warning) => warnings.push(warning));
      return warnings.splice(0);
    };
    await scan(['a', 'b\n'], 'v1');
    expect(await scan(['a', 'b\n'], 'v2!')).toEqual([
      "Can't read a: no. It is left out until it can be read.",
      "Can't read b\\n: no. It is left out until it can be read.",
    ]);
    expect(await scan(['a', 'b\n'], 'v2!')).toEqual([]);
    expect(await scan(['a', 'b\n'], 'v3!')).toEqual([]);
    await scan(['a', 'b\n'], 'v4');
    const many = Array.from({ length: 9 }, (_, i) => `${i}`);
    const told = await scan(many, 'v5!');
    expect(told).toHaveLength(6);
    expect(told.at(-1)).toBe("Can't read 4 more images or folders. They are left out.");
  });
});

test('any run of changes leaves what the last scan found, also across restarts', async () => {
  console.log(`lmdb-table: seed ${seed}`);
  let random = seed;
  const next = (below: number) => (random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0) % below;
  let table = new LmdbTable(root, 'entries-2-test');
  const reference = new MemoryTable();
  let now: StoredEntry[] = [];
  for (let round = 0; round < 40; round++) {
    now = now.filter(() => next(4) > 0);
    for (let i = next(60); i > 0; i--) {
      const name = `${next(9)}/${next(300)}.jpg`;
      const version = `v${next(50)}${next(5) === 0 ? '!' : ''}`;
      now = [...now.filter((one) => one.name !== name), entry(name, version, next(1000))];
    }
    await table.update(storeOf(now));
    await reference.update(storeOf(now));
    expect(all(table, 9)).toEqual(all(reference));
    const sums = ({ images, bytes, unreadable }: EntryTable) => [images, bytes, unreadable];
    expect(sums(table)).toEqual(sums(reference));
    if (next(5) === 0) table = new LmdbTable(root, 'entries-2-test');
  }
});

test('another process looks again at what can be read: it may be of another user', async () => {
  await new LmdbTable(root, 'entries-2-test').update(storeOf([entry('a'), entry('b', 'v1!')]));
  asked = [];
  const table = new LmdbTable(root, 'entries-2-test');
  await table.update(storeOf([{ ...entry('a'), version: 'v1' }, entry('b', 'v1!')]));
  expect(asked.sort()).toEqual(['a v1', 'b v1!']);
  expect(table.unreadable).toBe(1);
});

test('numbers are given out anew before they become many more than there are images', async () => {
  const table = new LmdbTable(root, 'entries-2-test');
  const many = (round: number) => Array.from({ length: 20_000 }, (_, i) => entry(`${round}-${i}.jpg`));
  for (let round = 0; round < 6; round++) await table.update(storeOf(many(round), 1000));
  expect(table.images).toBe(20_000);
  await table.update(storeOf([entry('a.jpg'), ...many(5)], 1000));
  const slots = table.next(undefined, 30_000).map((one) => one.slot);
  expect(new Set(slots).size).toBe(20_001);
  expect(Math.max(...slots)).toBeLessThan(110_000);
});

test("tables of two folders in one state don't know each other", async () => {
  const [one, other] = ['a', 'b'].map((name) => new LmdbTable(root, `entries-2-${name}`));
  await one!.update(storeOf([entry('a.jpg')]));
  await other!.update(storeOf([entry('b.jpg')]));
  await one!.update(storeOf([entry('a.jpg')]));
  expect(all(other!).map(({ name }) => name)).toEqual(['b.jpg']);
});

test('closing ends an update, and nothing is asked of the file any more', async () => {
  const table = new LmdbTable(root, 'entries-2-test');
  async function* endless() {
    for (let i = 0; ; i++) yield await Promise.resolve([entry(`${i}.jpg`)]);
  }
  const store = {
    ...storeOf([]),
    scan: () => scanOf(endless()),
  };
  const update = table.update(store);
  table.close();
  await expect(update).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(table.next(undefined, 1)).toEqual([]);
});
