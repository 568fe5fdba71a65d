import { BufferPool, LARGEST_BUFFER, PackBuffers, SMALLEST_BUFFER } from './buffers';

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

describe('packs', () => {
  const MIB = 1_048_576;
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('are used again while clients are fast, and freed a few seconds after the last one', () => {
    const pool = new PackBuffers(MIB);
    const some = () => Array.from({ length: 10 }, () => pool.take()!);
    const first = some();
    first.forEach((pack) => pool.giveBack(pack));
    for (let seconds = 0; seconds < 10; seconds++) {
      const again = some();
      expect(new Set([...first, ...again]).size).toBe(10);
      again.forEach((pack) => pool.giveBack(pack));
      jest.advanceTimersByTime(1000);
    }
    jest.advanceTimersByTime(4000);
    expect(jest.getTimerCount()).toBe(0);
    for (const pack of some()) expect(first).not.toContain(pack);
  });

  test('that are idle take a bounded amount of memory, as do those in use', () => {
    const pool = new PackBuffers(MIB, 40 * MIB);
    const all = Array.from({ length: 40 }, () => pool.take()!);
    expect(pool.take()).toBeUndefined();
    all.forEach((pack) => pool.giveBack(pack));
    const again = Array.from({ length: 40 }, () => pool.take()!);
    expect(again.filter((pack) => all.includes(pack))).toHaveLength(16);
  });
});
