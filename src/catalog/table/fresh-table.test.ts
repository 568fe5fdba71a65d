import type { ImageStore, StoredEntry } from '../../stores';
import { nothingLeftOut } from '../../stores/left-out';
import { FreshTable } from './fresh-table';
import { MemoryTable } from './memory-table';

/** So many that they are not looked through each time. */
const MANY = 6000;

function entries(size: number): StoredEntry[] {
  const names = Array.from({ length: MANY }, (_, i) => `${i}.jpg`);
  return names.map((name) => ({ name, size, mtime: 0, version: `${size}`, changedAt: 0 }));
}

async function* once(batch: StoredEntry[]) {
  yield batch;
}

/** A store in which nothing is ever changed, but which may come to be another one, or to be away. */
class MovingStore implements Partial<ImageStore> {
  readonly changes = 0;
  readonly changedFiles = () => Promise.resolve([]);
  moves = 0;
  away: Error | undefined;

  look = () => (this.away ? Promise.reject(this.away) : Promise.resolve(this.moves));
  scan = () => ({
    batches: once(entries(this.moves + 1)),
    checked: (all: readonly StoredEntry[]) => Promise.resolve(all),
    leftOut: nothingLeftOut(),
    leftOutNames: {},
  });
}

test('a table that is fresh is of no use where the store is another one, or away', async () => {
  const store = new MovingStore();
  const table = new FreshTable(store as unknown as ImageStore, new MemoryTable());
  expect((await table.fresh()).bytes).toBe(MANY);
  expect((await table.fresh()).bytes).toBe(MANY);
  store.moves++;
  expect((await table.fresh()).bytes).toBe(2 * MANY);
  store.away = new Error('gone');
  await expect(table.fresh()).rejects.toThrow('gone');
  store.away = undefined;
  expect((await table.fresh()).bytes).toBe(2 * MANY);
});
