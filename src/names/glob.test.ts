import { globFault, globMatcher, hasGlob } from './glob';

const matches = (glob: string, name: string) => globMatcher([glob])(name);

describe('globMatcher', () => {
  test.each([
    ['*.jpg', 'a.jpg'],
    ['*', 'a'],
    ['**', 'a/b/c.jpg'],
    ['**/*.jpg', 'a.jpg'],
    ['**/*.jpg', 'a/b/c.jpg'],
    ['a/**', 'a/b/c.jpg'],
    ['a/**/d.jpg', 'a/d.jpg'],
    ['a/**/d.jpg', 'a/b/c/d.jpg'],
    ['a?c.jpg', 'abc.jpg'],
    ['a?c', 'a山c'],
    ['a?c', 'a🌄c'],
    ['[abc].png', 'b.png'],
    ['[a-c].png', 'b.png'],
    ['[!a-c].png', 'd.png'],
    ['[]x].png', '].png'],
    ['[a\\]].png', '].png'],
    ['{a,b}.jpg', 'b.jpg'],
    ['{a,b}{1,2}.jpg', 'a2.jpg'],
    ['x{,y}.jpg', 'x.jpg'],
    ['\\*.jpg', '*.jpg'],
    ['a{b', 'never'],
    ['a***b', 'a/x/b'],
    ['*a*b*c*', 'xxaxxbxxcxx'],
    ['**/a/**/b.jpg', 'a/b.jpg'],
    ['***/a.jpg', 'a.jpg'],
    ['**/**/a.jpg', 'a.jpg'],
    ['[h-\\j]mg.jpg', 'img.jpg'],
    ['[\\h-\\j]mg.jpg', 'img.jpg'],
  ])('%s matches %s', (glob, name) =>
    expect(globFault(glob) === undefined && matches(glob, name)).toBe(name !== 'never'),
  );

  test.each([
    ['*.jpg', 'a/b.jpg'],
    ['*.jpg', 'a.jpg.png'],
    ['*.jpg', 'a.JPG'],
    ['a?c', 'a/c'],
    ['[!a]b', '/b'],
    ['[abc].png', 'd.png'],
    ['a/**', 'a'],
    ['a/**', 'ab/c'],
    ['\\*.jpg', 'a.jpg'],
    ['{a,b}.jpg', 'c.jpg'],
    ['**/mg.jpg', 'img.jpg'],
    ['**/mg.jpg', 'a/img.jpg'],
    ['**/a*', 'image.png'],
    ['a/**/urora.avif', 'a/aurora.avif'],
    ['**/[!a]*', 'aurora.avif'],
    ['**/', 'img.jpg'],
    ['i**/mg.jpg', 'img.jpg'],
  ])('%s does not match %s', (glob, name) => expect(matches(glob, name)).toBe(false));

  test('several globs match what one of them does', () => {
    const matcher = globMatcher(['*.png', 'a/*']);
    expect(['x.png', 'a/y.jpg', 'b/y.jpg'].map(matcher)).toEqual([true, true, false]);
  });

  test('a glob made to be slow is not', () => {
    const started = performance.now();
    expect(matches('*a'.repeat(500) + 'b', 'a'.repeat(1000))).toBe(false);
    // A backtracking matcher would take longer than the universe has existed.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

test.each(['', '[a', 'a\\', '{a', '{a,{b}}', 'x'.repeat(1025), '{a,b}'.repeat(7), '[a-'])(
  'globFault refuses %j',
  (glob) => expect(globFault(glob)).toEqual(expect.any(String)),
);

test('hasGlob tells names from globs', () => {
  expect(['*.jpg', 'a?', '[a]', '{a,b}', 'a\\*'].every(hasGlob)).toBe(true);
  expect(['img.jpg', 'blue hour.jpg', 'a]b}'].some(hasGlob)).toBe(false);
});
