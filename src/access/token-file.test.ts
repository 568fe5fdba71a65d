import { grantFor } from './grant';
import { newToken } from './token';
import { parseTokenFile } from './token-file';

const TOKEN = 'a-token-of-enough-characters';

test('a line a token: name, token, and what it may read', () => {
  const text = `# who may come in\n\nlab1 ${TOKEN}1\r\n  lab2\t${TOKEN}2 photos/ "my cats" a/b.jpg\n${TOKEN}3\n`;
  expect(parseTokenFile(text)).toEqual({
    faults: [],
    tokens: [
      { name: 'lab1', token: `${TOKEN}1`, prefixes: undefined },
      { name: 'lab2', token: `${TOKEN}2`, prefixes: ['photos', 'my cats', 'a/b.jpg'] },
      { name: 'token-5', token: `${TOKEN}3`, prefixes: undefined },
    ],
  });
});

test('of no lines nobody may come in', () => expect(parseTokenFile('')).toEqual({ tokens: [], faults: [] }));

test.each([
  ['a name', `la!b ${TOKEN}`, 'line 1: a name consists of'],
  ['a token that can be guessed', 'lab short', 'line 1: a token consists of 16 to 4096'],
  ['a token with other characters', `\nlab ${TOKEN}é`, 'line 2: a token consists of'],
  ['a prefix', `lab ${TOKEN} ../x`, 'line 1: a prefix'],
  ['quotes', `lab ${TOKEN} "\\x"`, 'line 1: the quoted text'],
  ['a name of its own', `other ${TOKEN}1\nother ${TOKEN}2`, 'line 2: the name is already used'],
])(
  '%s that is none: the line counts for nothing, the others do, and nothing of it is shown',
  (_, text, message) => {
    const { tokens, faults } = parseTokenFile(`${text}\ngood ${TOKEN}-good`);
    expect(tokens.at(-1)).toEqual({ name: 'good', token: `${TOKEN}-good`, prefixes: undefined });
    expect(tokens.filter(({ name }) => name !== 'good' && name !== 'other')).toEqual([]);
    expect(faults).toEqual([expect.stringContaining(message)]);
    expect(faults[0]).not.toContain(TOKEN);
  },
);

test('new tokens are good, and never the same', () => {
  const tokens = Array.from({ length: 50 }, newToken);
  expect(new Set(tokens).size).toBe(50);
  expect(parseTokenFile(tokens.join('\n')).tokens).toHaveLength(50);
});

test.each([
  ['cats', 'cats', true],
  ['cats', 'cats/a.jpg', true],
  ['cats', 'cats-and-dogs/a.jpg', false],
  ['cats', 'catsa.jpg', false],
  ['cats', 'Cats/a.jpg', false],
  ['cats/a.jpg', 'cats/a.jpg', true],
  ['cats/a.jpg', 'cats/a.jpg.png', false],
  ['cats', 'cats/../dogs/a.jpg', true],
])('with %s, %s may be read: %p', (prefix, name, expected) => {
  // The last one names no image: nothing lies behind `..` for anybody.
  expect(grantFor('lab', [prefix]).mayRead?.(name)).toBe(expected);
});
