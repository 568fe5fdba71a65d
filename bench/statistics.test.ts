import { summarize } from './statistics';

test('an odd number of runs', () =>
  expect(summarize([3, 1, 2])).toEqual({ runs: 3, minimum: 1, median: 2, maximum: 3 }));

test('an even number has its median between the two in the middle', () =>
  expect(summarize([4, 1, 2, 10]).median).toBe(3));
