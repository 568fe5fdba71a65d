import { randomInt } from 'node:crypto';
import { Ranges } from './ranges';

function rangesOf(...pairs: [number, number][]): Ranges {
  const ranges = new Ranges();
  for (const [start, end] of pairs) ranges.add({ start, end });
  return ranges;
}

const pairs = (list: readonly { start: number; end: number }[]) => list.map(({ start, end }) => [start, end]);

test('ranges that touch become one', () => {
  expect(pairs(rangesOf([4, 8], [0, 2], [2, 4], [12, 16]).list)).toEqual([
    [0, 8],
    [12, 16],
  ]);
  expect(pairs(rangesOf([0, 2], [4, 6], [1, 5]).list)).toEqual([[0, 6]]);
  expect(rangesOf([3, 3]).list).toEqual([]);
});

test('a run ends where the first byte is missing', () => {
  const ranges = rangesOf([0, 4], [8, 12]);
  expect([0, 3, 4, 8, 11, 12].map((offset) => ranges.runFrom(offset))).toEqual([4, 4, 4, 12, 12, 12]);
});

test('gaps are what is missing within bounds', () => {
  const ranges = rangesOf([2, 4], [8, 12]);
  expect(pairs(ranges.gaps(0, 20))).toEqual([
    [0, 2],
    [4, 8],
    [12, 20],
  ]);
  expect(pairs(ranges.gaps(3, 6))).toEqual([[4, 6]]);
  expect(ranges.gaps(9, 12)).toEqual([]);
});

test('any order of ranges holds the same bytes as a list of booleans', () => {
  const seed = randomInt(2 ** 31);
  process.stdout.write(`ranges: seed ${seed}\n`);
  let state = seed;
  const below = (limit: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) % limit;
  for (let round = 0; round < 200; round++) {
    const ranges = new Ranges();
    const bytes = Array<boolean>(40).fill(false);
    for (let i = 0; i < 8; i++) {
      const start = below(40);
      const end = start + below(41 - start);
      ranges.add({ start, end });
      bytes.fill(true, start, end);
    }
    const cut = below(40);
    ranges.dropBefore(cut);
    bytes.fill(false, 0, cut);
    expect(ranges.bytes).toBe(bytes.filter(Boolean).length);
    const missing = Array<boolean>(40).fill(false);
    for (const { start, end } of ranges.gaps(0, 40)) missing.fill(true, start, end);
    expect(missing).toEqual(bytes.map((isHere) => !isHere));
  }
});
