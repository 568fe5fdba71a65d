import { writeFile } from 'node:fs/promises';
import { ProtocolError, ResoError } from '../../errors';
import { openFolder } from '../../stores';
import { TemporaryFolder } from '../../stores/fixtures/temporary-folder';
import type { Catalog, CatalogEntry } from '../catalog';
import { openCatalog, type CatalogOptions } from '../store-catalog';
import type { FindFacts } from './fact-finder';
import { MemoryFacts } from './facts-store';

const A_WHILE = 60_000;

let folder: TemporaryFolder;
let catalog: Catalog;
let asked: number;
beforeEach(async () => {
  asked = 0;
  folder = await TemporaryFolder.make();
  await folder.put('a.jpg', 'image');
});
afterEach(async () => {
  await catalog.close();
  await folder.remove();
});

/** Takes the size for the width. */
const bySize: FindFacts = async (open) => {
  asked++;
  const image = await open();
  await image.close();
  return { format: 'jpeg', width: image.size, height: 1, canRender: true };
};

async function open(options: Partial<CatalogOptions> = {}): Promise<void> {
  const store = await openFolder(folder.path);
  catalog = await openCatalog({ store, state: folder.at('.state'), findFacts: bySize, ...options });
}

async function entries(): Promise<readonly CatalogEntry[]> {
  return (await catalog.list({ limit: 100 })).images;
}

async function widths(patience = A_WHILE) {
  return (await catalog.facts(await entries(), patience)).map((facts) => facts?.width);
}

test('facts are found once, and are still known after a restart', async () => {
  await open();
  expect(catalog.knownFacts((await entries())[0]!)).toBeUndefined();
  expect(await Promise.all([widths(), widths(), widths()])).toEqual([[5], [5], [5]]);
  await catalog.close();
  await open();
  expect(catalog.knownFacts((await entries())[0]!)).toMatchObject({ width: 5 });
  expect(asked).toBe(1);
});

test('facts of another version, or of another kind, count for nothing', async () => {
  await open();
  expect(await widths()).toEqual([5]);
  await writeFile(folder.at('a.jpg'), 'other image');
  expect(await widths()).toEqual([11]);
  await catalog.close();
  await open({ factsKind: 'gps' });
  expect(catalog.knownFacts((await entries())[0]!)).toBeUndefined();
});

test('nobody waits longer than asked for, and what fails is not known', async () => {
  await folder.put('b.jpg', 'b');
  await folder.put('c.jpg', 'c');
  const find: FindFacts = async (open, options) => {
    const image = await open();
    await image.close();
    if (image.size === 5) return bySize(open, options);
    return options.isUrgent
      ? new Promise(() => undefined)
      : Promise.reject(new ProtocolError('BUSY', 'busy'));
  };
  await open({ findFacts: find });
  expect(await widths(50)).toEqual([5, undefined, undefined]);
});

test('what fails is asked for again', async () => {
  let fails = true;
  const find: FindFacts = (open, options) =>
    fails ? Promise.reject(new ProtocolError('BUSY', 'busy')) : bySize(open, options);
  await open({ findFacts: find });
  expect(await widths()).toEqual([undefined]);
  fails = false;
  expect(await widths()).toEqual([5]);
});

test('of hundreds a few are looked at at a time, and one that found no room is tried again', async () => {
  for (let i = 0; i < 200; i++) await folder.put(`many/${i}.jpg`, 'image');
  let [running, most, refused] = [0, 0, 0];
  const find: FindFacts = async (open, options) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (refused++ === 7) throw new ProtocolError('BUSY', 'busy');
    return bySize(open, options);
  };
  await open({ findFacts: find });
  const found = (await catalog.facts((await catalog.list({ limit: 1000 })).images, A_WHILE)).map(
    (facts) => facts?.width,
  );
  expect(found).toEqual(Array<number>(201).fill(5));
  expect(most).toBeLessThanOrEqual(16);
});

test('all are found in the background', async () => {
  await folder.put('b/c.jpg', 'longer');
  await open({ hashesAll: true });
  const all = await entries();
  const known = () => all.map((entry) => catalog.knownFacts(entry)?.width);
  while (known().includes(undefined)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(known()).toEqual([5, 6]);
});

test('without anybody to find them there are none', async () => {
  await open({ findFacts: undefined });
  expect(await widths()).toEqual([undefined]);
});

test('memory is bounded', () => {
  const facts = new MemoryFacts(2);
  for (const name of ['a', 'b', 'c']) facts.keep(name, 'v', { format: name, canRender: false });
  expect(['a', 'b', 'c'].map((name) => facts.get(name, 'v')?.format)).toEqual([undefined, 'b', 'c']);
});

test('where no facts can be found, nobody tries again for each image of each list', async () => {
  await folder.put('b.jpg', 'b');
  const none: FindFacts = () => {
    asked++;
    return Promise.resolve(undefined);
  };
  await open();
  expect(await widths()).toEqual([5, 1]);
  await catalog.close();
  for (const name of Array.from({ length: 100 }, (_, i) => `c${i}.jpg`)) await folder.put(name, name);
  asked = 0;
  await open({ findFacts: none });
  const first = await widths();
  // What was known before stays known.
  expect(first.slice(0, 2)).toEqual([5, 1]);
  expect(new Set(first.slice(2))).toEqual(new Set([undefined]));
  const before = asked;
  // Those that were asked for at the same time.
  expect(before).toBeLessThanOrEqual(16);
  await widths();
  expect(asked).toBe(before);
});

test('a decoder that crashes once does not make an image unknown, and twice only until a restart', async () => {
  let crashes = 2;
  const find: FindFacts = (open, options) =>
    crashes-- > 0 ? Promise.reject(new ResoError('RENDER_FAILED', 'crashed')) : bySize(open, options);
  const known = async () => catalog.knownFacts((await entries())[0]!);
  // findAll looks for what has failed once more.
  await open({ findFacts: find });
  await catalog.facts(await entries(), A_WHILE);
  expect(await known()).toEqual({ format: 'unknown', canRender: false });
  await catalog.close();
  crashes = 1;
  await open({ findFacts: find });
  expect(await known()).toBeUndefined();
  expect(await widths()).toEqual([5]);
});
