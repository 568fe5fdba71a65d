import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openFolder, type ImageStore } from '../../stores';
import { LmdbTable } from '../lmdb/lmdb-table';
import { openLmdbRoot, type LmdbRoot } from '../lmdb/root';
import type { EntryTable } from './entry-table';
import { FreshTable } from './fresh-table';
import { MemoryTable } from './memory-table';

/** So many that a folder is not scanned for each list. */
const MANY = 5100;
const ROUNDS = 10;

const seed = Number(process.env['RESO_TEST_SEED'] ?? randomInt(2 ** 31));

let base: string;
let images: string;
let root: LmdbRoot;
let store: ImageStore;
let table: FreshTable;
/** How often the whole folder was scanned, and how many files were looked at by name. */
let whole: number;
let byName: number;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'reso-changed-')));
  images = join(base, 'images');
  for (let i = 0; i < MANY; i++) {
    if (i < 50) await mkdir(join(images, `${i}`), { recursive: true });
    await writeFile(join(images, `${i % 50}/${i}.jpg`), '');
  }
  root = await openLmdbRoot(join(base, 'state'), (path) => {
    throw new Error(`${path} is damaged`);
  });
  store = await openFolder(images);
  const scan = store.scan.bind(store);
  store.scan = (names) => {
    if (names) byName += names.length;
    else whole++;
    return scan(names);
  };
  table = new FreshTable(store, new LmdbTable(root, 'entries-2-test'));
  await table.fresh();
});

beforeEach(() => void ([whole, byName] = [0, 0]));

afterAll(async () => {
  await table.idle();
  store.close();
  await root.close();
  await rm(base, { recursive: true });
});

const at = (name: string) => join(images, name);

function namesIn(all: EntryTable): string[] {
  return all.next(undefined, 2 * MANY).map(({ name, version }) => `${name} ${version}`);
}

/** The table is what a scan of everything finds; it may be a second old where that is what it takes. */
async function expectAll(): Promise<void> {
  let found = namesIn(await table.fresh());
  const all = await expected();
  for (let tries = 0; tries < 30 && found.join() !== all.join(); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    found = namesIn(await table.fresh());
  }
  expect(found).toEqual(all);
}

/** What a scan of everything finds. */
async function expected(): Promise<string[]> {
  const other = await openFolder(images);
  const all = new MemoryTable();
  await all.update(other);
  other.close();
  return namesIn(all);
}

test('of a large folder in which some files change, only these are looked at', async () => {
  await writeFile(at('new.jpg'), 'new');
  await rename(at('1/1.jpg'), at('2/moved.jpg'));
  await rm(at('3/3.jpg'));
  await truncate(at('4/4.jpg'), 3);
  await writeFile(at('.hidden'), '');
  await writeFile(at('5/.5.jpg.tmp'), 'longer');
  await rename(at('5/.5.jpg.tmp'), at('5/5.jpg'));
  await symlink(at('6/6.jpg'), at('link.jpg'));
  await rm(at('7/7.jpg'));
  await symlink(at('6/6.jpg'), at('7/7.jpg'));
  expect(namesIn(await table.fresh())).toEqual(await expected());
  expect(whole).toBe(0);
  expect(byName).toBeGreaterThanOrEqual(7);
});

test.each<[string, () => Promise<unknown>]>([
  ['comes', () => mkdir(at('new/deep'), { recursive: true }).then(() => writeFile(at('new/deep/a.jpg'), ''))],
  ['goes', () => rm(at('20'), { recursive: true })],
  ['moves away', () => rename(at('21'), join(base, '21'))],
  ['gets another name', () => rename(at('22'), at('nine'))],
  ['makes way for a file', () => rm(at('23'), { recursive: true }).then(() => writeFile(at('23'), ''))],
  ['makes way for a link', () => rm(at('24'), { recursive: true }).then(() => symlink(at('8'), at('24')))],
])('a folder that %s takes all that is in it along', async (_, change) => {
  await change();
  await expectAll();
});

test('after a thousand changes everything is looked at', async () => {
  for (let i = 0; i < 1100; i++) await writeFile(at(`0/more-${i}.jpg`), '');
  await expectAll();
  expect(whole).toBe(1);
});

test('whatever happens, the table is what a whole scan finds', async () => {
  process.stdout.write(`changed files: RESO_TEST_SEED=${seed}\n`);
  let state = seed;
  const below = (limit: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) % limit;
  const someFile = () => `${below(60)}/${below(200)}.jpg`;
  const write = async (name: string) => {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), 'x'.repeat(below(50)));
  };
  const steps = [
    () => write(someFile()),
    () => write(someFile()),
    () => write(`${below(60)}/deep/${below(5)}.jpg`),
    () => rm(at(someFile())),
    () => rename(at(someFile()), at(someFile())),
    () => rename(at(`${below(60)}`), at(`${below(60)}/within`)),
    () => rename(at(`${below(60)}`), at(`moved-${below(9)}`)),
    () => rm(at(`${below(60)}/deep`), { recursive: true }),
    () => symlink(at(someFile()), at(someFile())),
  ];
  for (let round = 0; round < ROUNDS; round++) {
    // Many of these find nothing to rename or remove.
    for (let i = 1 + below(6); i > 0; i--) await steps[below(steps.length)]!().catch(() => undefined);
    await expectAll();
  }
  // A folder may have changed in each round.
  for (let i = 0; byName === 0 && i < 50; i++) {
    await writeFile(at(`certain-${i}.jpg`), '');
    await expectAll();
  }
  expect(byName).toBeGreaterThan(0);
  expect(whole).toBeGreaterThan(0);
});
