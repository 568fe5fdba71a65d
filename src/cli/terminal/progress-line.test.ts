import { columnsOf, cutToColumns, progressLine } from './progress-line';

const MIB = 1024 ** 2;
const progress = {
  imagesDone: 3,
  imagesTotal: 120,
  bytesDone: 100 * MIB,
  bytesReceived: 100 * MIB,
  bytesTotal: 500 * MIB,
  current: { name: 'cats/tiger.jpg', size: 4 * MIB, done: MIB },
};

test('the image at hand, the whole, speed and time left', () => {
  expect(progressLine(progress, 10 * MIB, 100)).toBe(
    'cats/tiger.jpg 25%  3/120 images  100.0 MiB/500.0 MiB  10.0 MiB/s  0:40 left',
  );
});

test('no speed and no time left before they can be told', () => {
  expect(progressLine(progress, undefined, 100)).toBe(
    'cats/tiger.jpg 25%  3/120 images  100.0 MiB/500.0 MiB',
  );
  expect(progressLine(progress, 0, 100)).toMatch(/ {2}0 B\/s$/);
});

test('nothing at hand yet', () => {
  expect(progressLine({ ...progress, current: undefined }, undefined, 80)).toBe(
    '3/120 images  100.0 MiB/500.0 MiB',
  );
});

test('an empty image is done', () => {
  const current = { name: 'a', size: 0, done: 0 };
  expect(progressLine({ ...progress, current }, undefined, 80)).toMatch(/^a 100% /);
});

test.each(Array.from({ length: 90 }, (_, columns) => columns))('fits into %d columns', (columns) => {
  for (const name of ['cats/tiger.jpg', '画像/虎.jpg', '\u202egpj.exe']) {
    const line = progressLine({ ...progress, current: { ...progress.current, name } }, 10 * MIB, columns);
    expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  }
});

test('names cannot move the cursor', () => {
  const current = { name: '\x1b[2J\u202e.jpg', size: 1, done: 1 };
  expect(progressLine({ ...progress, current }, undefined, 100)).toMatch(
    /^\\u\{1b\}\[2J\\u\{202e\}\.jpg 100%/,
  );
});

test.each([
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['画像', 4],
  ['😀', 2],
  ['한글', 4],
])('%s takes %d', (text, columns) => expect(columnsOf(text)).toBe(columns));

test.each([
  ['folder/img.jpg', 20, 'folder/img.jpg'],
  ['folder/img.jpg', 8, '…img.jpg'],
  ['画像', 3, '…像'],
  ['画像', 2, '…'],
  ['abc', 0, ''],
])('%s in %d columns', (text, columns, cut) => expect(cutToColumns(text, columns)).toBe(cut));
