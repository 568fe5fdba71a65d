import { RecentChanges } from './recent-changes';

test('what has changed since is known by name, each once', () => {
  const changes = new RecentChanges();
  changes.add('a');
  const { count } = changes;
  expect(changes.since(count)).toEqual([]);
  for (const name of ['b', 'c', 'b']) changes.add(name);
  expect(changes.count).toBe(4);
  expect(changes.since(count)).toEqual(['c', 'b']);
  expect(changes.since(0)).toEqual(['a', 'c', 'b']);
});

test('after a change without a name, only later ones are known', () => {
  const changes = new RecentChanges();
  changes.add('a');
  changes.add(undefined);
  changes.add('b');
  expect(changes.since(1)).toBeUndefined();
  expect(changes.since(2)).toEqual(['b']);
});

test('of more changes than it remembers it says so', () => {
  const changes = new RecentChanges();
  for (let i = 0; i < 1001; i++) changes.add(`${i}`);
  expect(changes.since(0)).toBeUndefined();
  expect(changes.since(1)).toHaveLength(1000);
});
