import { BufferPool, LARGEST_BUFFER, SMALLEST_BUFFER } from './buffers';

test('buffers are used again', () => {
  const pool = new BufferPool();
  const first = pool.take(100_000);
  expect(first.length).toBe(131_072);
  pool.giveBack(first);
  expect(pool.take(100_000)).toBe(first);
});

test('nobody ever waits: a thousand slow readers cost little more than the budget', () => {
  const budget = 8_388_608;
  const pool = new BufferPool(budget);
  const taken = Array.from({ length: 1000 }, () => pool.take(1_000_000));
  expect(taken[0]!.length).toBe(LARGEST_BUFFER);
  expect(taken.at(-1)!.length).toBe(SMALLEST_BUFFER);
  expect(pool.usedBytes).toBeLessThan(budget + 1000 * SMALLEST_BUFFER);
  taken.forEach((buffer) => pool.giveBack(buffer));
  expect(pool.usedBytes).toBe(0);
  expect(pool.largest).toBe(LARGEST_BUFFER);
});
