import type { Rendition } from '../rendition';
import { RecentRenditions } from './recent';

const rendition = (length: number): Rendition => ({
  bytes: Buffer.alloc(length),
  type: 'image/webp',
  width: 1,
  height: 1,
});

test('the least recently used are dropped', () => {
  const recent = new RecentRenditions(300);
  for (const key of ['a', 'b', 'c']) recent.add(key, rendition(100));
  expect(recent.get('a')).toBeDefined();
  recent.add('d', rendition(100));
  expect(['a', 'b', 'c', 'd'].map((key) => recent.get(key) !== undefined)).toEqual([true, false, true, true]);
});

test('adding one again changes nothing', () => {
  const recent = new RecentRenditions(300);
  for (let i = 0; i < 10; i++) recent.add('a', rendition(100));
  recent.add('b', rendition(200));
  expect(recent.get('a')).toBeDefined();
  expect(recent.get('b')).toBeDefined();
});

test('a large one is not kept', () => {
  const recent = new RecentRenditions();
  recent.add('small', rendition(262_144));
  recent.add('large', rendition(262_145));
  expect(recent.get('small')).toBeDefined();
  expect(recent.get('large')).toBeUndefined();
});
