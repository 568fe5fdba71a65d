import { randomInt } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compareNames } from '../../names';
import { openFolder, type StoredEntry } from '../../stores';
import { TemporaryFolder } from '../../stores/fixtures/temporary-folder';
import type { Catalog, View } from '../catalog';
import { openCatalog } from '../store-catalog';
import type { EntryTable, TableObserver } from './entry-table';
import { Generations } from './generations';
import { SafeTable } from './safe-table';

const seed = Number(process.env['RESO_TEST_SEED'] ?? randomInt(2 ** 31));
const ROUNDS = 150;

/** Of what a token limited to these folders and images may read. */
function viewOf(...prefixes: string[]): View {
  const mayRead = (name: string) => prefixes.some((one) => name === one || name.startsWith(`${one}/`));
  const mayEnter = (path: string) =>
    path === '' || mayRead(path) || prefixes.some((one) => one.startsWith(`${path}/`));
  return { view: prefixes.join(), mayRead, mayEnter };
}

/** The same in every run with one seed. */
function randomNumbers(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('of a folder', () => {
  const VIEWS = [viewOf('a'), viewOf('b/c'), viewOf('b/c', 'top.jpg'), viewOf('nothing')];
  const FOLDERS = ['', 'a/', 'a/deep/', 'aa/', 'b/', 'b/c/', 'b/cc/', 'z/'];
  let folder: TemporaryFolder;
  beforeEach(async () => (folder = await TemporaryFolder.make()));
  afterEach(() => folder.remove());

  /** All that the view shows, as text. */
  async function shown(catalog: Catalog, view: View): Promise<string> {
    const { images } = await catalog.list({ ...view, limit: 1000 });
    return images.map(({ name, version }) => `${name} ${version}`).join('\n');
  }

  const generation = async (catalog: Catalog, view: View) =>
    (await catalog.list({ ...view, limit: 1 })).generation;

  test.each([
    ['in memory', false],
    ['on disk', true],
  ])('it changes with what a view shows, and only then: %s', async (_, isOnDisk) => {
    const random = randomNumbers(seed);
    const store = await openFolder(folder.path);
    const catalog = await openCatalog({ store, state: isOnDisk ? folder.at('.state') : undefined });
    const before = new Map(VIEWS.map((view) => [view, { text: '', generation: '' }]));
    let changes = 0;
    try {
      for (let round = 0; round < ROUNDS; round++) {
        await change(random, round);
        for (const view of VIEWS) {
          const now = { text: await shown(catalog, view), generation: await generation(catalog, view) };
          const known = before.get(view)!;
          const isSame = now.text === known.text && round > 0;
          expect([seed, round, view.view, now.generation === known.generation]).toEqual([
            seed,
            round,
            view.view,
            isSame,
          ]);
          if (!isSame) changes++;
          before.set(view, now);
        }
      }
      expect(changes).toBeGreaterThan(ROUNDS / 10);
      const fresh = await openCatalog({ store: await openFolder(folder.path) });
      for (const view of VIEWS)
        expect([seed, await generation(fresh, view)]).toEqual([seed, before.get(view)!.generation]);
      await fresh.close();
    } finally {
      await catalog.close();
    }
  });

  async function change(random: (below: number) => number, round: number): Promise<void> {
    const name = () => `${FOLDERS[random(FOLDERS.length)]}${['1', '2', 'top'][random(3)]}.jpg`;
    const [one, other] = [name(), name()];
    const what = random(4);
    if (what === 0) return rm(folder.at(one), { force: true });
    if (what === 1) {
      await mkdir(dirname(folder.at(other)), { recursive: true });
      return rename(folder.at(one), folder.at(other)).catch(() => undefined);
    }
    await folder.put(one, `image ${round}`);
  }
});

/** Entries in an array, which can change while they are counted. */
class ArrayTable implements EntryTable {
  observer: TableObserver | undefined;
  entries: StoredEntry[] = [];
  onNext: () => void = () => undefined;
  readonly images = 0;
  readonly unreadable = 0;
  readonly bytes = 0;
  generation = '0';
  reads = 0;

  put(name: string, version: string): void {
    const old = this.get(name);
    this.entries = [...this.entries.filter((one) => one !== old), entryOf(name, version)].sort((a, b) =>
      compareNames(a.name, b.name),
    );
    const from = this.generation;
    this.generation = String(Number(from) + 1);
    const changed = [old, this.get(name)].filter((one) => one !== undefined);
    this.observer?.changed(changed, { from, to: this.generation });
  }

  next(after: string | undefined, most: number): readonly StoredEntry[] {
    this.reads++;
    this.onNext();
    return this.entries.filter(({ name }) => compareNames(name, after ?? '') > 0).slice(0, most);
  }

  get(name: string): StoredEntry | undefined {
    return this.entries.find((one) => one.name === name);
  }

  update(): Promise<never> {
    return Promise.reject(new Error('not used'));
  }

  close(): void {
    // Nothing is open.
  }
}

const entryOf = (name: string, version: string): StoredEntry => ({
  ...{ name, version, size: 1, mtime: 0, changedAt: 0 },
});

function tableOf(count: number): ArrayTable {
  const table = new ArrayTable();
  for (let i = 0; i < count; i++) table.entries.push(entryOf(`a/${String(i).padStart(5, '0')}.jpg`, 'v'));
  return table;
}

const A = viewOf('a');

test('what changes while a view is counted is counted once, wherever it is', async () => {
  const table = tableOf(3000);
  const generations = new Generations(table);
  let round = 0;
  table.onNext = () => {
    round++;
    // Behind what has been counted, in front of it, and new ones on both sides.
    for (const at of ['00000', '02999', '00000b', '02999b']) table.put(`a/${at}.jpg`, `v${round}`);
  };
  const found = await generations.of(A);
  expect(round).toBeGreaterThan(10);
  table.onNext = () => undefined;
  expect(await generations.of(A)).toBe(found);
  expect(await new Generations(table).of(A)).toBe(found);
});

test('a view is counted once, and not again for a change', async () => {
  const table = tableOf(3000);
  const generations = new Generations(table);
  const found = await Promise.all([generations.of(A), generations.of(A)]);
  const { reads } = table;
  table.put('a/00007.jpg', 'other');
  expect(await generations.of(A)).not.toBe(found[0]);
  table.put('a/00007.jpg', 'v');
  expect([await generations.of(A), found[1]]).toEqual([found[0], found[0]]);
  expect(table.reads).toBe(reads);
});

test('a table that others change while it is counted is counted again; if that happens each time, it has no generation', async () => {
  const table = tableOf(10);
  const generations = new Generations(table);
  let times = 1;
  table.onNext = () => {
    if (times-- > 0) table.generation += '+';
  };
  const found = await generations.of(A);
  expect(found).toBe(await new Generations(table).of(A));
  table.generation += '+';
  times = Infinity;
  const other = await generations.of(A);
  expect(other).toMatch(/^mixed-/);
  expect(await generations.of(A)).not.toBe(other);
});

test('a count that fails is begun again by the next who asks', async () => {
  const table = tableOf(3000);
  const generations = new Generations(table);
  table.onNext = () => {
    throw new Error('the disk');
  };
  const both = [generations.of(A), generations.of(A)];
  for (const one of both) await expect(one).rejects.toThrow('the disk');
  table.onNext = () => undefined;
  expect(await generations.of(A)).toBe(await new Generations(table).of(A));
});

test('more views than are remembered, all at once, have their generations', async () => {
  const table = tableOf(10);
  const generations = new Generations(table);
  const views = Array.from({ length: 600 }, (_, i) => ({ ...A, view: `view ${i}` }));
  for (let round = 0; round < 2; round++) {
    const found = await Promise.all(views.map((view) => generations.of(view)));
    expect(new Set(found).size).toBe(1);
    table.put('a/00003.jpg', `v${round}`);
  }
});

test('a name that sorts after everything in a folder that may not be entered ends the skipping', async () => {
  const table = tableOf(10);
  for (let i = 0; i < 600; i++) table.entries.push(entryOf(`b/\u{10ffff}${String(i).padStart(4, '0')}`, 'v'));
  table.entries.push(entryOf('c/1.jpg', 'v'));
  const found = await new Generations(table).of(viewOf('a', 'c'));
  expect(found).not.toBe(await new Generations(table).of(A));
});

test('a table on disk that is exchanged for one in memory has another generation until that is filled', async () => {
  const folder = await TemporaryFolder.make();
  const store = await openFolder(folder.path);
  const disk = tableOf(10);
  disk.update = () => Promise.reject(new Error('the disk is full'));
  const table = new SafeTable(disk, () => undefined);
  const generations = new Generations(table);
  const before = await generations.of(A);
  let during: Promise<string> | undefined;
  const scan = store.scan.bind(store);
  store.scan = (names) => {
    during = generations.of(A);
    return scan(names);
  };
  await folder.put('a/1.jpg', 'one');
  await table.update(store);
  expect([await during, await generations.of(A)]).not.toContain(before);
  store.close();
  await folder.remove();
});

test('what another writer changes in the same table counts as well', async () => {
  const folder = await TemporaryFolder.make();
  const open = async () => openCatalog({ store: await openFolder(folder.path), state: folder.at('.state') });
  const generation = async (catalog: Catalog) => (await catalog.list({ ...A, limit: 1 })).generation;
  await folder.put('a/1.jpg', 'one');
  const [one, other] = [await open(), await open()];
  try {
    const first = await generation(one);
    await folder.put('a/2.jpg', 'two');
    // The other one writes it into the table first.
    const second = await generation(other);
    expect(second).not.toBe(first);
    expect(await generation(one)).toBe(second);
    await rm(folder.at('a/2.jpg'));
    expect(await generation(one)).toBe(first);
    expect(await generation(other)).toBe(first);
  } finally {
    await one.close();
    await other.close();
    await folder.remove();
  }
});

test('what may not be entered is skipped, however much there is', async () => {
  const table = tableOf(3000);
  for (let i = 0; i < 20_000; i++) table.entries.push(entryOf(`b/${i % 40}/${String(i)}.jpg`, 'v'));
  table.entries.push(entryOf('c/d/1.jpg', 'v'));
  table.entries.sort((a, b) => compareNames(a.name, b.name));
  expect(await new Generations(table).of(viewOf('c/d'))).not.toBe(
    await new Generations(table).of(viewOf('x')),
  );
  expect(table.reads).toBeLessThan(20);
});
