import { formatLockEntry, LOCK_HEADER, LockParser, type LockEntry } from './lock-format';

const sha256 = 'ab'.repeat(32);

function parse(text: string): LockEntry[] {
  const parser = new LockParser('x.lock');
  const entries = text
    .split('\n')
    .map((line) => parser.parse(line))
    .filter((entry) => entry !== undefined);
  parser.end();
  return entries;
}

test.each([
  'a.jpg',
  'a b/c.jpg',
  'a\\b',
  'a\nb\tc\rd',
  '#a',
  'a#',
  'a\x01\x7f\x85b',
  '\\x41',
  'ü\u2028💡',
  ' a ',
])('any name comes back: %j', (name) => {
  const line = formatLockEntry({ name, size: 7, sha256 });
  expect(line).not.toMatch(/[\n\r]|^#/);
  for (const end of ['', '\r']) {
    expect(parse(`${LOCK_HEADER}${end}\n\n# said\n${line}${end}`)).toEqual([{ name, size: 7, sha256 }]);
  }
});

test.each([
  ['', "line 1: a lock file must begin with '# reso lock 1'"],
  ['hello', 'line 1: a lock file must begin'],
  ['# reso lock 2', 'line 1: the file has format 2'],
  [`${LOCK_HEADER}\na.jpg 1 ${sha256}`, 'line 2: expected a name, a size and a SHA-256'],
  [`${LOCK_HEADER}\na.jpg\t01\t${sha256}`, "line 2: '01' is not a size"],
  [`${LOCK_HEADER}\na.jpg\t99999999999999999\t${sha256}`, 'is not a size'],
  [`${LOCK_HEADER}\na.jpg\t1\t${sha256.toUpperCase()}`, 'is not a SHA-256'],
  [`${LOCK_HEADER}\n../a.jpg\t1\t${sha256}`, 'is not a valid image name'],
  [`${LOCK_HEADER}\n\\a.jpg\t1\t${sha256}`, 'contains an invalid escape'],
  [`${LOCK_HEADER}\na\\\t1\t${sha256}`, 'contains an invalid escape'],
  [`${LOCK_HEADER}\nb\t1\t${sha256}\na\t1\t${sha256}`, 'line 3: names must be unique and in byte order'],
  [`${LOCK_HEADER}\nb\t1\t${sha256}\nb\t1\t${sha256}`, 'line 3: names must be unique and in byte order'],
  [`${LOCK_HEADER}\n<<<<<<< HEAD`, 'line 2: expected'],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) as string }) as Error,
  );
});
