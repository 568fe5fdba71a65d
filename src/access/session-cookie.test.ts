import { COOKIE_AGE, sessionCookie, tokenOfCookie } from './session-cookie';
import { tokenDigest } from './token';

const line = { name: 'lab', token: 'a-token-of-enough-characters', prefixes: undefined };
const other = { name: 'desk', token: 'another-token-of-enough-characters', prefixes: undefined };
const NOW = 1_800_000_000_000;

test('a cookie stands for its token until it ends', () => {
  const cookie = sessionCookie(line, NOW);
  expect(tokenOfCookie(cookie, [other, line], NOW)).toEqual(tokenDigest(line.token));
  expect(tokenOfCookie(cookie, [line], NOW + COOKIE_AGE * 1000 - 1000)).toBeDefined();
  expect(tokenOfCookie(cookie, [line], NOW + COOKIE_AGE * 1000 + 1000)).toBeUndefined();
});

test('it ends with its token', () => {
  const cookie = sessionCookie(line, NOW);
  expect(tokenOfCookie(cookie, [], NOW)).toBeUndefined();
  expect(
    tokenOfCookie(cookie, [{ ...line, token: 'a-new-token-of-enough-characters' }], NOW),
  ).toBeUndefined();
});

test('nothing of it can be changed', () => {
  const [name, expires, proof] = sessionCookie(line, NOW).split('|') as [string, string, string];
  for (const forged of [
    `desk|${expires}|${proof}`,
    `${name}|${Number(expires) + 1}|${proof}`,
    `${name}|${expires}|${proof.slice(0, -1)}`,
    `${name}|${expires}|`,
    `${name}|${expires}|${proof}|more`,
    `${name}|1e12|${proof}`,
    '',
  ])
    expect(tokenOfCookie(forged, [line, other], NOW)).toBeUndefined();
});
