import { Shares } from './shares';

test('one address gets a part, whatever happens to it, and others get theirs', async () => {
  const shares = new Shares(2, 'Too many.');
  const ends: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => ends.push(resolve));
  const running = [shares.run('a', work), shares.run('a', work)];
  await expect(shares.run('a', work)).rejects.toMatchObject({ code: 'BUSY' });
  await shares.run('b', () => Promise.resolve());
  for (const end of ends) end();
  await Promise.all(running);
  await expect(shares.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(Promise.all([1, 2].map((n) => shares.run('a', () => Promise.resolve(n))))).resolves.toEqual([
    1, 2,
  ]);
});
