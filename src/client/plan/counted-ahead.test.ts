import { newProgress } from '../progress';
import { countedAhead } from './counted-ahead';

const sizeOf = (size: number) => (size > 0 ? size : undefined);
const turn = () => new Promise(setImmediate);

async function* batchesOf(...batches: number[][]) {
  for (const batch of batches) {
    await turn();
    yield batch;
  }
}

test('totals are known before anything is taken', async () => {
  const progress = newProgress();
  const batches = countedAhead(batchesOf([1, 2], [0, 4]), progress, sizeOf);
  const first = await batches.next();
  while (!progress.isListed) await turn();
  expect(first.value).toEqual([1, 2]);
  expect(progress).toMatchObject({ imagesTotal: 4, imagesUnsized: 1, bytesTotal: 7 });
  expect((await batches.next()).value).toEqual([0, 4]);
  expect((await batches.next()).done).toBe(true);
});

test('what is ahead is bounded', async () => {
  const progress = newProgress();
  const batches = countedAhead(batchesOf([1, 1], [1, 1], [1, 1], [1, 1]), progress, sizeOf, 3);
  let taken = 0;
  for await (const batch of batches) {
    taken += batch.length;
    for (let i = 0; i < 10; i++) await turn();
    expect(progress.imagesTotal).toBeLessThanOrEqual(taken + 4);
  }
  expect([taken, progress.isListed]).toEqual([8, true]);
});

test('a failure comes behind what came before it', async () => {
  async function* failing() {
    yield* batchesOf([1], [2]);
    throw new Error('gone');
  }
  const taken: (readonly number[])[] = [];
  const take = async () => {
    for await (const batch of countedAhead(failing(), newProgress(), sizeOf)) taken.push(batch);
  };
  await expect(take()).rejects.toThrow('gone');
  expect(taken).toEqual([[1], [2]]);
});

test('who stops does not wait for a name that never comes', async () => {
  async function* endless() {
    yield [1];
    await new Promise(() => undefined);
  }
  for await (const batch of countedAhead(endless(), newProgress(), sizeOf)) {
    expect(batch).toEqual([1]);
    break;
  }
});
