import fc from 'fast-check';
import { compareNames } from '../../names';
import { DoubleNameFinder } from './double-names';

function find(parts: readonly (readonly string[])[], ends: readonly string[]) {
  const finder = new DoubleNameFinder(ends);
  for (const names of parts) names.forEach(finder.part());
  return finder.all;
}

test.each<[string[], number, string | undefined]>([
  [['a.jpg', 'b.jpg'], 0, undefined],
  [['a.jpg', 'a.jpg/b.jpg'], 1, 'a.jpg'],
  [['a.jpg', 'a.jpg/b.jpg', 'a.jpg/c.jpg'], 1, 'a.jpg'],
  [['a.jpg', 'a.jpg!.jpg', 'a.jpg-1.jpg', 'a.jpg/b.jpg'], 1, 'a.jpg'],
  [['a.jpg', 'a.jpg/b.jpg', 'a.jpg/b.jpg/c.jpg'], 2, 'a.jpg'],
  [['a.jpg/b.jpg', 'a.jpg0.jpg'], 0, undefined],
  [['a', 'a/b', 'b', 'b/a'], 2, 'a'],
])('%j: %d', (names, count, example) => {
  expect(find([names], [])).toEqual({ count, example });
});

test('the same is found in whatever parts the names come', () => {
  const part = fc.constantFrom('a', 'b', 'a!', 'a0');
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const setting = fc.tuple(
    fc.uniqueArray(name, { minLength: 1, maxLength: 40 }).map((names) => names.sort(compareNames)),
    fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(setting, ([names, cuts, isBackward]) => {
      const at = [...cuts.filter((cut) => cut < names.length - 1).sort((a, b) => a - b), names.length - 1];
      const parts = at.map((end, i) => names.slice(i === 0 ? 0 : at[i - 1]! + 1, end + 1));
      const expected = names.filter((one) => names.some((other) => other.startsWith(`${one}/`)));
      const ends = at.slice(0, -1).map((end) => names[end]!);
      const found = find(isBackward ? parts.reverse() : parts, ends);
      expect(found.count).toBe(expected.length);
      expect(found.example === undefined || expected.includes(found.example)).toBe(true);
    }),
  );
});
