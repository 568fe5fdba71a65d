import { mayReachInto } from './glob-reach';

test.each([
  ['**', 'a/'],
  ['**/*.jpg', 'a/b/'],
  ['a/**', 'a/b/'],
  ['a/b/c.jpg', 'a/b/'],
  ['a/b/c.jpg', 'a/'],
  ['*/c.jpg', 'a/'],
  ['{a,b}/c.jpg', 'b/'],
  ['[ab]/c.jpg', 'b/'],
  ['a\\*/c.jpg', 'a*/'],
])('%s may match a name in %s', (glob, folder) => expect(mayReachInto(glob, folder)).toBe(true));

test.each([
  ['*.jpg', 'a/'],
  ['a', 'a/'],
  ['*/c.jpg', 'a/b/'],
  ['b/**', 'a/'],
  ['ab/**', 'a/'],
  ['a/c/**', 'a/b/'],
])('%s matches none in %s', (glob, folder) => expect(mayReachInto(glob, folder)).toBe(false));
