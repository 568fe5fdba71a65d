import { compareNames } from '../names';
import { Sorter } from './sorter';

test.each([0, 1, 4095, 4096, 4097, 30_000])('sorts %d entries, however they come', async (count) => {
  const entries = Array.from({ length: count }, (_, i) => ({ name: String((i * 7919) % count) }));
  const sorter = new Sorter<{ name: string }>();
  for (let i = 0; i < count; i += 1000) sorter.add(entries.slice(i, i + 1000));
  const expected = [...entries].sort((a, b) => compareNames(a.name, b.name));
  expect(await sorter.sorted()).toEqual(expected);
});
