import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokens } from './open-tokens';

const TOKEN = 'a-token-of-enough-characters';

let folder: string;
let path: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reso-tokens-'));
  path = join(folder, 'tokens');
  said = [];
  writeFileSync(path, `lab1 ${TOKEN}1\nlab2 ${TOKEN}2\n`);
});

afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openTokens(path, (message) => said.push(message));
const namesOf = ({ value }: ReturnType<typeof open>) => value.map(({ name }) => name);

test('what is not in the file any more is no token, also where other lines are broken in the same edit', () => {
  const tokens = open();
  writeFileSync(path, `lab2 ${TOKEN}2\nlab3 short\nlab4 ${TOKEN}4\nlab5 ${TOKEN}5 ../x\n`);
  expect(namesOf(tokens)).toEqual(['lab2', 'lab4']);
  expect(namesOf(tokens)).toEqual(['lab2', 'lab4']);
  expect(said).toEqual([
    `The token file ${path} has errors: line 2: a token consists of 16 to 4096 printable characters; 1 more. These lines are ignored.`,
  ]);
});

test('a line that is broken lets nobody in, also not with the token of before', () => {
  const tokens = open();
  writeFileSync(path, `lab1 ${TOKEN}1 "photos\nlab2 ${TOKEN}2\n`);
  expect(namesOf(tokens)).toEqual(['lab2']);
  writeFileSync(path, 'nothing that is a token\n');
  expect(namesOf(tokens)).toEqual([]);
});

test.each([
  ['is gone', () => undefined, 'no such file or folder'],
  ['is a folder', () => mkdirSync(path), 'it is a folder'],
  ['is too long', () => writeFileSync(path, '#'.repeat(2_000_000)), 'it is longer than 1048576 characters'],
])('where the file %s, the tokens of before stay valid', (_, replace, why) => {
  const tokens = open();
  rmSync(path);
  replace();
  for (let i = 0; i < 3; i++) expect(namesOf(tokens)).toEqual(['lab1', 'lab2']);
  expect(said).toEqual([`The token file ${path} can't be read: ${why}. The previous tokens stay valid.`]);
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, `lab3 ${TOKEN}3`);
  expect(namesOf(tokens)).toEqual(['lab3']);
  expect(said).toHaveLength(1);
});

test('whoever looks again hears again what is wrong', () => {
  const tokens = open();
  writeFileSync(path, 'lab1 short\n');
  expect(namesOf(tokens)).toEqual([]);
  tokens.lookAgain();
  rmSync(path);
  tokens.lookAgain();
  tokens.lookAgain();
  const [broken, gone] = [expect.stringContaining('has errors'), expect.stringContaining("can't be read")];
  expect(said).toEqual([broken, broken, gone, gone]);
});

test('at the start nothing may be wrong', () => {
  writeFileSync(path, `lab1 ${TOKEN}\nlab2 short\n`);
  expect(open).toThrow(`Can't use the token file ${path}: line 2: a token consists of`);
  rmSync(path);
  expect(open).toThrow(`The token file ${path} can't be read: no such file or folder.`);
});
