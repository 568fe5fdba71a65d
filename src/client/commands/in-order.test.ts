import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from './in-order';

test('keeps the order, and begins no more than it may', async () => {
  let running = 0;
  let most = 0;
  const work = async (n: number) => {
    most = Math.max(most, ++running);
    await sleep(5 * (5 - (n % 5)));
    running--;
    return n;
  };
  const numbers = Array.from({ length: 20 }, (_, i) => i);
  const results: number[] = [];
  for await (const n of inOrder(numbers, 4, work)) results.push(n);
  expect(results).toEqual(numbers);
  expect(most).toBe(4);
});

test('what fails is thrown in its turn, after what came before it', async () => {
  const results: number[] = [];
  const work = (n: number) => (n === 2 ? Promise.reject(new Error('two')) : Promise.resolve(n));
  const all = async () => {
    for await (const n of inOrder([0, 1, 2, 3], 4, work)) results.push(n);
  };
  await expect(all()).rejects.toThrow('two');
  expect(results).toEqual([0, 1]);
});
