import { execFileSync } from 'node:child_process';
import { getCommand, needsNamesFile, shellWord } from './command';

const here = { host: 'localhost', port: 5005, isSecure: false };

test.each([
  [here, 'reso get a.jpg'],
  [{ ...here, port: 6000 }, 'reso get -s localhost:6000 a.jpg'],
  [{ ...here, host: 'nas.local' }, 'reso get -s nas.local a.jpg'],
  [{ ...here, host: 'nas.local', port: 6000 }, 'reso get -s nas.local:6000 a.jpg'],
  [{ ...here, isSecure: true }, 'reso get -s resos://localhost a.jpg'],
  [{ host: '[::1]', port: 6000, isSecure: true }, "reso get -s 'resos://[::1]:6000' a.jpg"],
])('%j is named as %s', (protocol, command) => {
  expect(getCommand(['a.jpg'], protocol)).toBe(command);
});

test('a name that looks like an option is none', () => {
  expect(getCommand(['a.jpg', '-rf *.jpg'], here)).toBe("reso get -- a.jpg '-rf *.jpg'");
});

test('many names, and names that no line can hold, go through a file', () => {
  const many = Array.from({ length: 41 }, (_, i) => `${i}.jpg`);
  expect([needsNamesFile(many), needsNamesFile(many.slice(1))]).toEqual([true, false]);
  expect(getCommand(many, here)).toBe('reso get --files-from names.txt');
});

test.each([
  'a.jpg',
  'a b.jpg',
  "it's.jpg",
  '*.jpg',
  '[x]{a,b}?.jpg',
  '~root/a.jpg',
  '$HOME.jpg',
  '`id`.jpg',
  '!!.jpg',
  '=ls.jpg',
  '#1.jpg',
  'a;b|c&d<e>.jpg',
  'a\\b.jpg',
  'Zürich – 山.webp',
  '',
])('a shell takes %j as one word', (name) => {
  const out = execFileSync('sh', ['-c', `printf '%s|' ${shellWord(name)}`], { encoding: 'utf8' });
  expect(out).toBe(`${name}|`);
});

test('zsh would look for a program behind an equals sign', () => {
  expect(shellWord('=ls.jpg')).toBe("'=ls.jpg'");
});
