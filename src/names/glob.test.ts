import fc from 'fast-check';
import {
  globFault,
  globMatcher,
  globsFault,
  hasGlob,
  MAX_GLOBS,
  MAX_GLOBS_BYTES,
  mayReachInto,
} from './glob';
import { compileGlob } from './glob-program';

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

  test('braces are not written out', () => {
    const glob = '{**a,*a}'.repeat(6) + '**a'.repeat(310) + '**b';
    expect(globFault(glob)).toBeUndefined();
    expect(compileGlob(glob).code.length).toBeLessThanOrEqual(2 * glob.length);
    expect(matches(glob, 'a/'.repeat(330) + 'ab')).toBe(true);
    expect(matches(glob, 'a'.repeat(200))).toBe(false);
  });

  test('an alternative is a pattern of its own', () => {
    expect(globFault('[{a,b}]')).toMatch(/not closed/);
    expect(matches('{*,a}*', 'x/y')).toBe(false);
    expect(matches('{a/,b}**/c', 'a/c')).toBe(true);
    expect(matches('{a/,b}**/c', 'bc')).toBe(false);
  });

  test('matches what a regular expression of the same meaning does', () => {
    const piece = fc.constantFrom(
      ...['a', 'b', '/', '?', '*', '**', '**/', '[ab]', '[!a]', '[^/]', '{a,b}', '{,a/}', '{*,**/b}', '\\*'],
    );
    const glob = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
    const name = fc.array(fc.constantFrom('a', 'b', '/', '*'), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(glob, name, (one, other) => {
        fc.pre(globFault(one) === undefined);
        expect(matches(one, other)).toBe(asRegExp(one).test(other));
      }),
      { numRuns: 5000 },
    );
  });
});

/** A regular expression for globs made of the pieces above. */
function asRegExp(glob: string): RegExp {
  const source = glob.replace(/\\\*|\*\*+\/|\*\*+|\*|\?|\[[!^]?[^\]]*\]|[{,}]/g, (piece) => {
    if (piece.startsWith('\\')) return piece;
    if (/^\*\*+\/$/.test(piece)) return '(?:(?<![^/])|.*/)';
    if (piece.startsWith('**')) return '.*';
    if (piece.startsWith('[')) return `(?!/)${piece.replace('[!', '[^')}`;
    return { '*': '[^/]*', '?': '[^/]', '{': '(?:', ',': '|', '}': ')' }[piece]!;
  });
  return new RegExp(`^(?:${source})$`, 'su');
}

test('globs that are asked for together have limits', () => {
  expect(globsFault(Array<string>(MAX_GLOBS).fill('*'))).toBeUndefined();
  expect(globsFault(Array<string>(MAX_GLOBS + 1).fill('*'))).toMatch(/more than 64/);
  expect(globsFault(Array<string>(MAX_GLOBS_BYTES / 512).fill('x'.repeat(512)))).toBeUndefined();
  expect(globsFault(['x', ...Array<string>(MAX_GLOBS_BYTES / 512).fill('é'.repeat(256))])).toMatch(
    /16384 bytes/,
  );
});

test.each(['', '[a', 'a\\', '{a', '{a,{b}}', 'x'.repeat(1025), '{a,b}'.repeat(7), '[a-'])(
  'globFault refuses %j',
  (glob) => expect(globFault(glob)).toEqual(expect.any(String)),
);

test('hasGlob tells names from globs', () => {
  expect(['*.jpg', 'a?', '[a]', '{a,b}', 'a\\*'].every(hasGlob)).toBe(true);
  expect(['img.jpg', 'blue hour.jpg', 'a]b}'].some(hasGlob)).toBe(false);
});

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
