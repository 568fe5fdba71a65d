import { setImmediate as nextTurn } from 'node:timers/promises';
import { Pace, takeTurn } from './pace';

/** A clock that only work moves. */
let now: number;
beforeEach(() => {
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await nextTurn();
});

test('however many work at once, a turn of the event loop holds one slice of it', async () => {
  const workers = 20;
  let running = workers;
  let longest = 0;
  const work = async () => {
    const pace = new Pace(1);
    for (let step = 0; step < 10; step++) {
      now += 3;
      const turn = pace.step();
      if (turn) await turn;
    }
    running--;
  };
  const done = Promise.all(Array.from({ length: workers }, work));
  for (let before = now; running > 0; before = now) {
    await nextTurn();
    longest = Math.max(longest, now - before);
  }
  await done;
  // A slice of 8 ms, and the step that goes beyond it.
  expect(longest).toBeLessThan(12);
});

test('the first who waited goes on first', async () => {
  const order: number[] = [];
  expect(takeTurn()).toBeUndefined();
  now += 100;
  const waiting = [1, 2, 3].map(async (one) => {
    await takeTurn();
    now += 100;
    order.push(one);
  });
  await Promise.all(waiting);
  expect(order).toEqual([1, 2, 3]);
});

test('as many as a slice holds go on in one turn of the event loop', async () => {
  void takeTurn();
  now += 100;
  let done = 0;
  for (let i = 0; i < 100; i++)
    void takeTurn()!.then(() => {
      now += 1;
      done++;
    });
  await nextTurn();
  await nextTurn();
  expect(done).toBeGreaterThanOrEqual(8);
  expect(done).toBeLessThan(30);
  while (done < 100) await nextTurn();
});
