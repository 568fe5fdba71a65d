import { randomInt } from 'node:crypto';
import { rename, rm, truncate, writeFile } from 'node:fs/promises';
import { compareNames, isName } from '../names';
import { TemporaryFolder } from '../stores/fixtures/temporary-folder';
import { openLockClaims, type LockClaims } from './lock-claims';
import { formatLockEntry, LOCK_HEADER, type LockEntry } from './lock-format';

let folder: TemporaryFolder;
let claims: LockClaims | undefined;
const warnings: string[] = [];
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  warnings.length = 0;
});
afterEach(async () => {
  claims?.close();
  claims = undefined;
  await folder.remove();
});

const digest = (number: number) => number.toString(16).padStart(64, '0');
const entriesOf = (names: readonly string[]): LockEntry[] =>
  [...names].sort(compareNames).map((name, i) => ({ name, size: i, sha256: digest(i) }));
const textOf = (entries: readonly LockEntry[]) =>
  [LOCK_HEADER, ...entries.map(formatLockEntry), ''].join('\n');

async function open(text: string): Promise<LockClaims> {
  const path = await folder.put('images.lock', text);
  return (claims = await openLockClaims(path, (message) => warnings.push(message)));
}

/** What the claims say about an image that has not changed. */
const claimed = ({ name, size }: Pick<LockEntry, 'name' | 'size'>) =>
  claims!.sha256Of({ name, size, changedAt: 0 });

function expectAll(entries: readonly LockEntry[]): void {
  const wrong = entries.filter((entry) => claimed(entry) !== entry.sha256);
  expect(wrong).toEqual([]);
}

test('an empty lock file claims nothing', async () => {
  await open(`${LOCK_HEADER}\n`);
  expect(claimed({ name: 'a.jpg', size: 0 })).toBeUndefined();
});

test('one line', async () => {
  const [entry] = entriesOf(['b.jpg']);
  await open(textOf([entry!]));
  expect(claimed(entry!)).toBe(entry!.sha256);
  expect(['a.jpg', 'c.jpg', 'b.jpg.', 'b.jp'].map((name) => claimed({ name, size: 0 }))).toEqual(
    Array<undefined>(4).fill(undefined),
  );
});

test('comments, empty lines, Windows line ends and a byte order mark do not matter', async () => {
  const entries = entriesOf(Array.from({ length: 500 }, (_, i) => `${i}.jpg`));
  const comment = `# ${'x'.repeat(6000)}`;
  const lines = entries.flatMap((entry) => [comment, '', formatLockEntry(entry)]);
  await open(['\ufeff' + LOCK_HEADER, ...lines, comment, ''].join('\r\n'));
  expectAll(entries.filter((_, i) => i % 50 < 2));
  expect(claimed({ name: 'z', size: 0 })).toBeUndefined();
});

test('100,000 lines: in order, backwards, first, last and missing', async () => {
  const entries = entriesOf(Array.from({ length: 100_000 }, (_, i) => `folder ${i % 100}/${i}.jpg`));
  await open(textOf(entries));
  expectAll(entries);
  expectAll(entries.filter((_, i) => i % 100 === 0).reverse());
  expectAll([entries.at(-1)!, entries[0]!]);
  const missing = ['a', 'folder 0', 'folder 5/', 'folder 99/99.jpg~', 'z'];
  expect(missing.filter((name) => claimed({ name, size: 1 }) !== undefined)).toEqual([]);
});

test('random names, each found, and no other', async () => {
  const seed = randomInt(2 ** 31);
  const random = randomFrom(seed);
  // Printed if the test fails.
  const context = `seed ${seed}`;
  const name = () => {
    const length = random() % (random() % 10 === 0 ? 250 : 12);
    return Array.from({ length }, () => ALPHABET[random() % ALPHABET.length]!).join('');
  };
  const names = [...new Set(Array.from({ length: 4000 }, name).filter(isName))];
  const entries = entriesOf(names.filter((_, i) => i % 4 > 0));
  const known = new Map(entries.map((entry) => [entry.name, entry]));
  await open(textOf(entries));
  for (let i = 0; i < 3000; i++) {
    const one = names[random() % names.length]!;
    const expected = known.get(one);
    const found = claimed({ name: one, size: expected?.size ?? 0 });
    expect({ context, one, found }).toEqual({ context, one, found: expected?.sha256 });
  }
});

const ALPHABET = [...'ab/#\\\t\n\r\x01\x7f\x85 .é\uffee💡'];

/** Numbers that depend on the seed alone. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 8;
  };
}

test('an image of another size, or that changed after the lock file was read, has no claim', async () => {
  const [entry] = entriesOf(['a.jpg']);
  await open(textOf([entry!]));
  const { name, size, sha256 } = entry!;
  expect(claims!.sha256Of({ name, size: size + 1, changedAt: 0 })).toBeUndefined();
  expect(claims!.sha256Of({ name, size, changedAt: Date.now() + 1000 })).toBeUndefined();
  expect(claims!.sha256Of({ name, size, changedAt: 0 })).toBe(sha256);
});

test.each([
  ['', 'line 1: a lock file must begin with'],
  [`${LOCK_HEADER}\na.jpg\t1\t${digest(1)}`, 'line 2: the last line is incomplete'],
  [
    `${LOCK_HEADER}\nb\t1\t${digest(1)}\na\t1\t${digest(1)}\n`,
    'line 3: names must be unique and in byte order',
  ],
])('what is no lock file is refused: %j', async (text, message) => {
  await expect(open(text)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(message) as string,
  });
});

test('it is read again on demand, and stays as it was if it is invalid then', async () => {
  const before = entriesOf(['a.jpg']);
  const after = entriesOf(['a.jpg', 'b.jpg']);
  await open(textOf(before));
  await writeFile(folder.at('new'), textOf(after));
  await rename(folder.at('new'), folder.at('images.lock'));
  expect(claimed(after[1]!)).toBeUndefined();
  await claims!.readAgain();
  expectAll(after);
  await writeFile(folder.at('new'), 'nonsense\n');
  await rename(folder.at('new'), folder.at('images.lock'));
  await claims!.readAgain();
  expectAll(after);
  await rm(folder.at('images.lock'));
  await claims!.readAgain();
  expectAll(after);
  expect(warnings).toEqual([
    expect.stringContaining('line 1: a lock file must begin'),
    expect.stringContaining("can't be read: no such file or folder. What was read before stays in use."),
  ]);
});

test('a file that is overwritten in place claims what it has then, or nothing', async () => {
  const entries = entriesOf(Array.from({ length: 5000 }, (_, i) => `${i}.jpg`));
  await open(textOf(entries));
  await truncate(folder.at('images.lock'), 100_050);
  const found = entries.map(claimed);
  expect(found.filter((sha256, i) => sha256 !== undefined && sha256 !== entries[i]!.sha256)).toEqual([]);
  expect(found.at(-1)).toBeUndefined();
  await writeFile(folder.at('images.lock'), Buffer.alloc(500_000, 'x\tx\n'));
  expect(entries.map(claimed).filter((_, i) => i % 200 === 199)).toEqual(
    Array<undefined>(25).fill(undefined),
  );
});
