import { folderIn, parseTarget, pathOf } from './request-path';

const nameOf = (target: string, basePath = '') => parseTarget(target, basePath).segments.join('|');

test.each([
  ['/', ''],
  ['/images/a.jpg', 'images|a.jpg'],
  ['/images/a%20b/%C3%BC.jpg?x=1', 'images|a b|ü.jpg'],
  ['/images/a%2Fb.jpg', 'images|a/b.jpg'],
  ['/images/%252e%252e/x', 'images|%2e%2e|x'],
  ['/images/%2e%2e/x', 'images|..|x'],
  ['/images/a%3Fb%23c+d.jpg', 'images|a?b#c+d.jpg'],
  ['/images//a', 'images||a'],
  ['http://host/images/a.jpg', 'images|a.jpg'],
  ['http://host', ''],
])('%s is decoded once', (target, expected) => expect(nameOf(target)).toBe(expected));

test.each(['*', 'images/a.jpg', '/images/%', '/images/%zz', '/images/%ff', 'ftp://host/a'])(
  '%s is refused',
  (target) =>
    expect(() => parseTarget(target, '')).toThrow(expect.objectContaining({ status: 400 }) as Error),
);

test('a path that a proxy has left on is taken off, and only where it is whole', () => {
  expect(nameOf('/photos/images/a.jpg', '/photos')).toBe('images|a.jpg');
  expect(nameOf('/photos', '/photos')).toBe('');
  expect(nameOf('/images/a.jpg', '/photos')).toBe('images|a.jpg');
  expect(nameOf('/photosynthesis/a.jpg', '/photos')).toBe('photosynthesis|a.jpg');
});

test('the host of a whole URL counts', () => {
  expect(parseTarget('http://evil.example:80/', '').host).toBe('evil.example:80');
  expect(parseTarget('/', '').host).toBeUndefined();
});

test.each(['a.jpg', 'a b/c?d#e%f.jpg', 'ü/ö.jpg', '50%25.jpg', "it's (1).jpg"])('%s comes back', (name) =>
  expect(
    parseTarget(`/images/${pathOf(name)}`, '')
      .segments.slice(1)
      .join('/'),
  ).toBe(name),
);

test('a folder has no slash at its end, and thousands of slashes take no time', () => {
  const folder = (path: string) => folderIn(new URLSearchParams({ path }));
  expect(['', 'a', 'a/', 'a/b/'].map(folder)).toEqual(['', 'a', 'a', 'a/b']);
  const began = performance.now();
  folder(`${'/'.repeat(16_000)}x`);
  expect(performance.now() - began).toBeLessThan(50);
});
