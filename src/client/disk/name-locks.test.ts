import { NameLocks } from './name-locks';

/** Runs `give` for each name; the order in which they began and ended. */
async function order(...names: string[]): Promise<string[]> {
  const nameLocks = new NameLocks();
  const steps: string[] = [];
  const give = (name: string) =>
    nameLocks.withLock(name, async () => {
      steps.push(`+${name}`);
      await new Promise(setImmediate);
      steps.push(`-${name}`);
      if (name.startsWith('bad')) throw new Error(name);
    });
  await Promise.allSettled(names.map(give));
  return steps;
}

test('names that may be one are given one after the other, also where one fails', async () => {
  expect(await order('bad.jpg', 'BAD.jpg', 'Bad.jpg')).toEqual([
    '+bad.jpg',
    '-bad.jpg',
    '+BAD.jpg',
    '-BAD.jpg',
    '+Bad.jpg',
    '-Bad.jpg',
  ]);
});

test('others do not wait', async () => {
  expect(await order('a.jpg', 'b.jpg')).toEqual(['+a.jpg', '+b.jpg', '-a.jpg', '-b.jpg']);
});
