import { grantFor } from './grant';

const { mayRead, mayEnter } = grantFor('lab', ['a/b', 'cat.jpg']);

test.each([
  ['a/b/c.jpg', true],
  ['cat.jpg', true],
  ['a/bc.jpg', false],
  ['a/c.jpg', false],
  ['cats/c.jpg', false],
])('the image %s may be read: %s', (name, may) => expect(mayRead!(name)).toBe(may));

test.each([
  ['', true],
  ['a', true],
  ['a/b', true],
  ['a/b/c', true],
  ['a/bc', false],
  ['a/c', false],
  ['c', false],
])('the folder %j may be entered: %s', (path, may) => expect(mayEnter!(path)).toBe(may));

test('without prefixes everything may', () => {
  expect(grantFor('all')).toEqual({ name: 'all', view: undefined, mayRead: undefined, mayEnter: undefined });
});
