import { RemoteError } from '../../../errors';
import type { ImageEntry, Page, Proof } from '../../../protocol';
import { takeSnapshot, type SnapshotSource } from './snapshot';

const sha256 = 'ab'.repeat(32);
const image = (name: string, fields: Partial<ImageEntry> = {}): ImageEntry => ({
  name,
  size: 1,
  mtime: 0,
  version: 'v1',
  sha256,
  ...fields,
});
const proof: Proof = { size: 1, mtime: 0, version: 'v1', sha256, blockSize: 65_536, first: 0, blocks: [] };

/** Lists one after the other of `lists`, the last again and again. */
function source(
  lists: readonly Page[][],
  fields: Partial<SnapshotSource> = {},
): SnapshotSource & { taken: () => number } {
  let taken = 0;
  async function* pages(): AsyncGenerator<Page> {
    yield* lists[Math.min(taken++, lists.length - 1)]!;
  }
  const digests = () => Promise.resolve(proof);
  return { pages, digests, retries: 1, signal: undefined, ...fields, taken: () => taken };
}

async function textOf(from: SnapshotSource): Promise<string> {
  let text = '';
  for await (const piece of takeSnapshot(from, undefined)) text += piece;
  return text;
}

const mixed: Page[] = [
  { generation: 'g1', images: [image('a')] },
  { generation: 'g2', images: [image('b')] },
];
const settled: Page[] = mixed.map((page) => ({ ...page, generation: 'g3' }));

test('a list of two generations is asked for again', async () => {
  const from = source([mixed, settled]);
  expect(await textOf(from)).toBe(`# reso lock 1\na\t1\t${sha256}\nb\t1\t${sha256}\n`);
  expect(from.taken()).toBe(2);
});

test('a list that never settles is CHANGED, and nothing came of it', async () => {
  const from = source([mixed]);
  await expect(textOf(from)).rejects.toMatchObject({ code: 'CHANGED' });
  expect(from.taken()).toBe(2);
});

test('what changes between list and digest makes it begin again', async () => {
  const pages: Page[] = [{ generation: 'g', images: [image('a', { sha256: undefined })] }];
  const answers = [
    () => Promise.resolve({ ...proof, version: 'v2' }),
    () => Promise.reject(new RemoteError('NOT_FOUND', 'gone')),
    () => Promise.resolve(proof),
  ];
  const from = source([pages], { retries: 2, digests: () => answers.shift()!() });
  expect(await textOf(from)).toBe(`# reso lock 1\na\t1\t${sha256}\n`);
});

test('a large one comes whole', async () => {
  const images = Array.from({ length: 20_000 }, (_, i) => image(String(100_000 + i)));
  const text = await textOf(source([[{ generation: 'g', images }]]));
  expect(text.split('\n').length).toBe(20_002);
});

test('an image that is still being written is waited for', async () => {
  const writing: Page[] = [{ generation: 'g', images: [image('a', { unsettled: true })] }];
  const done: Page[] = [{ generation: 'g', images: [image('a')] }];
  const from = source([writing, done]);
  expect(await textOf(from)).toBe(`# reso lock 1\na\t1\t${sha256}\n`);
  expect(from.taken()).toBe(2);
  await expect(textOf(source([writing]))).rejects.toMatchObject({ code: 'CHANGED', image: 'a' });
});
