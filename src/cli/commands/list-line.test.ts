import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatEntry, sumLine, totalLine } from './list-line';

const entry = { name: 'a\u202eb\n.jpg', size: 1234, mtime: 1_714_566_896_123_456, version: 'v1' };
const plain = { long: false, human: false, json: false, null: false };

test('names', () => {
  expect(formatEntry(entry, plain, false)).toBe('a\u202eb\n.jpg\n');
  expect(formatEntry(entry, plain, true)).toBe('a\\u{202e}b\\n.jpg\n');
  expect(formatEntry(entry, { ...plain, null: true }, true)).toBe('a\u202eb\n.jpg\0');
});

test('long', () => {
  expect(formatEntry({ ...entry, name: 'a' }, { ...plain, long: true }, false)).toBe(
    '        1234  2024-05-01T12:34:56.123Z  a\n',
  );
});

test('what an image is comes behind its name, as far as it is known', () => {
  const facts = { format: 'jpeg', width: 6000, height: 4000, canRender: true };
  const line = (more: object, format: object = {}) =>
    formatEntry({ ...entry, name: 'a b', ...more }, { ...plain, long: true, ...format }, false);
  const before = '        1234  2024-05-01T12:34:56.123Z  a b';
  expect(line({})).toBe(`${before}\n`);
  expect(line({ facts })).toBe(`${before}\tjpeg\t6000x4000\t-\n`);
  expect(line({ facts: { ...facts, taken: '2024-05-06T07:08:09', offset: '+02:00' } })).toBe(
    `${before}\tjpeg\t6000x4000\t2024-05-06T07:08:09+02:00\n`,
  );
  expect(line({ facts: { format: 'unknown', canRender: false } })).toBe(`${before}\tunknown\t-\t-\n`);
  expect(line({ facts }, { null: true })).toBe(`${before}\0`);
  expect(line({ facts }, { long: false })).toBe('a b\n');
  expect(JSON.parse(line({ facts }, { json: true }))).toMatchObject({ name: 'a b', facts });
});

test('sizes for people, with and without --long', () => {
  for (const long of [true, false])
    expect(formatEntry({ ...entry, name: 'a' }, { ...plain, long, human: true }, false)).toBe(
      '   1.2 KiB  2024-05-01T12:34:56.123Z  a\n',
    );
  expect(totalLine(2, 3 * 1024 ** 2)).toBe('2 images, 3.0 MiB');
  expect(totalLine(1, 0)).toBe('1 image, 0 B');
});

test('JSON', () => {
  const json = formatEntry(entry, { ...plain, json: true }, false);
  const forTerminal = formatEntry(entry, { ...plain, json: true }, true);
  expect(JSON.parse(json)).toEqual({
    name: entry.name,
    size: 1234,
    mtime: '2024-05-01T12:34:56.123Z',
    version: 'v1',
    sha256: null,
    unsettled: false,
  });
  expect(forTerminal).toContain('a\\u202eb\\n.jpg');
  expect(JSON.parse(forTerminal)).toEqual(JSON.parse(json));
});

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [-1_000_000, '1969-12-31T23:59:59.000Z'],
  [-1_000_001, '1969-12-31T23:59:58.999Z'],
  [4_102_444_800_000_999, '2100-01-01T00:00:00.000Z'],
])('the time %d, rounded down to milliseconds', (mtime, shown) => {
  expect(formatEntry({ ...entry, mtime }, { ...plain, long: true }, false)).toContain(`  ${shown}  `);
});

test.each([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])('any time of the protocol: %d', (mtime) => {
  expect(formatEntry({ ...entry, mtime }, { ...plain, long: true }, false)).toMatch(/[+-]?\d+-\d\d-\d\dT/);
});

describe('sha256sum', () => {
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
});
