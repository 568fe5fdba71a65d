import { Settling } from './store-catalog';

let now = 50_000;
const settling = new Settling(() => now);

test.each([
  ['what lay there at the start', 49_999, 50_000, false],
  ['what lay there exactly at the start', 50_000, 50_100, false],
  ['what changed just now', 60_000, 60_000, true],
  ['a moment before it settles', 60_000, 60_999, true],
  ['a second after its last change', 60_000, 61_000, false],
  ['a little in the future: clocks differ', 60_500, 60_000, true],
  ['far in the future: the clock was set back', 90_000, 60_000, false],
])('%s', (_, changedAt, at, expected) => {
  now = at;
  expect(settling.isUnsettled(changedAt)).toBe(expected);
});
