import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sumLine } from './sum-line';

const PIPE = { endsInNul: false, forTerminal: false };

test.each([
  ['a b.jpg', 'ff  a b.jpg\n'],
  ['a\\b.jpg', '\\ff  a\\\\b.jpg\n'],
  ['a\nb.jpg', '\\ff  a\\nb.jpg\n'],
  ['a\rb.jpg', 'ff  a\rb.jpg\n'],
])('%j', (name, line) => expect(sumLine(name, 'ff', PIPE)).toBe(line));

test('NUL at the end needs no escapes; people see what is in a name', () => {
  expect(sumLine('a\nb', 'ff', { endsInNul: true, forTerminal: false })).toBe('ff  a\nb\0');
  expect(sumLine('a\u202eb', 'ff', { endsInNul: false, forTerminal: true })).toBe('ff  a\\u{202e}b\n');
});

test('coreutils reads it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reso-'));
  const names = [
    'a.jpg',
    ' a.jpg',
    '*a.jpg',
    'b\\n.jpg',
    'c\nd.jpg',
    'e\r.jpg',
    '-c',
    '\\',
    '\\x.jpg',
    'ü.jpg',
  ];
  try {
    for (const name of names) writeFileSync(join(folder, name), name);
    const digest = (name: string) => createHash('sha256').update(name).digest('hex');
    const input = names.map((name) => sumLine(name, digest(name), PIPE)).join('');
    const { status, stdout } = spawnSync('sha256sum', ['-c', '--strict'], { cwd: folder, input });
    expect([status, String(stdout).split('OK\n').length - 1]).toEqual([0, names.length]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
