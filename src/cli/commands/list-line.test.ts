import { formatEntry } from './list-line';

const entry = { name: 'a\u202eb\n.jpg', size: 1234, mtime: 1_714_566_896_123_456, version: 'v1' };
const plain = { long: false, json: false, null: false };

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
