import { Budget, ReadAhead } from './read-ahead';

const MIB = 1_048_576;

interface Asked {
  readonly from: number;
  readonly length: number;
}

function reader(size: number, budget = new Budget()): { ahead: ReadAhead; asked: Asked[] } {
  const asked: Asked[] = [];
  const ahead = new ReadAhead(size, budget, (from, length) => {
    asked.push({ from, length });
    return Promise.resolve(Buffer.alloc(length));
  });
  return { ahead, asked };
}

test('whoever reads in one place gets nothing ahead', () => {
  const { ahead, asked } = reader(10 * MIB);
  ahead.hasRead(3 * MIB, 4 * MIB);
  ahead.hasRead(7 * MIB, 8 * MIB);
  expect(asked).toEqual([]);
});

test('whoever goes on gets the next two pieces, and no more until one was read', async () => {
  const { ahead, asked } = reader(10 * MIB);
  ahead.hasRead(0, 1000);
  ahead.hasRead(1000, 2000);
  expect(asked).toEqual([
    { from: 2000, length: MIB },
    { from: 2000 + MIB, length: MIB },
  ]);
  ahead.hasRead(2000, 3000);
  expect(asked).toHaveLength(2);
  expect(ahead.at(2000 + MIB)).toMatchObject({ from: 2000 + MIB });
  ahead.hasRead(2000 + MIB, 3000 + MIB);
  expect(asked).toHaveLength(3);
  await ahead.close();
});

test('nothing is read behind the end', () => {
  const { ahead, asked } = reader(MIB + 10);
  ahead.hasRead(0, 5);
  ahead.hasRead(5, 10);
  expect(asked).toEqual([{ from: 10, length: MIB }]);
});

test('all images share one budget, and closing gives back what was held', async () => {
  const budget = new Budget(3 * MIB);
  const [one, other] = [reader(10 * MIB, budget), reader(10 * MIB, budget)];
  for (const { ahead } of [one, other]) {
    ahead.hasRead(0, 1);
    ahead.hasRead(1, 2);
  }
  expect([one.asked.length, other.asked.length]).toEqual([2, 1]);
  await one.ahead.close();
  other.ahead.hasRead(2, 3);
  expect(other.asked).toHaveLength(2);
  await other.ahead.close();
  expect(budget.take(3 * MIB)).toBe(true);
  expect(budget.take(1)).toBe(false);
});

test('a piece that could not be read fails where it is read, and closing does not', async () => {
  const failure = new Error('broken');
  const ahead = new ReadAhead(10 * MIB, new Budget(), () => Promise.reject(failure));
  ahead.hasRead(0, 1);
  ahead.hasRead(1, 2);
  await expect(ahead.at(2)?.bytes).rejects.toBe(failure);
  await ahead.close();
});

test('an image that nobody reads any more gives way to others, and can be read on', async () => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const budget = new Budget(2 * MIB);
  const [stalled, active] = [reader(10 * MIB, budget), reader(10 * MIB, budget)];
  const readTwice = ({ ahead }: typeof stalled) => {
    ahead.hasRead(0, 1);
    ahead.hasRead(1, 2);
  };
  readTwice(stalled);
  await stalled.ahead.at(2)!.bytes;
  now = 1999;
  readTwice(active);
  expect(active.asked).toHaveLength(0);
  now = 2000;
  active.ahead.hasRead(2, 3);
  expect(active.asked).toHaveLength(2);
  expect(stalled.ahead.at(2)).toBeUndefined();
  stalled.ahead.hasRead(2, 3);
  expect(stalled.asked).toHaveLength(2);
  await active.ahead.close();
  stalled.ahead.hasRead(3, 4);
  expect(stalled.asked).toHaveLength(4);
  await stalled.ahead.close();
  jest.restoreAllMocks();
});
