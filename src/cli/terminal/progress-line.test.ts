import { newProgress, type Progress } from '../../index';
import { columnsOf, cutToColumns, progressLine } from './progress-line';

const MIB = 1024 ** 2;
const progress: Progress = {
  imagesDone: 3,
  imagesTotal: 120,
  imagesUnsized: 0,
  isListed: true,
  bytesDone: 100 * MIB,
  bytesReceived: 100 * MIB,
  bytesTotal: 500 * MIB,
  current: { name: 'cats/tiger.jpg', size: 4 * MIB, done: MIB },
};
const wide = { columns: 100 };

test('the whole, speed, time left, and the image at hand', () => {
  expect(progressLine(progress, 10 * MIB, wide)).toBe(
    ' 20%  100.0 MiB/500.0 MiB  3/120 images  10.0 MiB/s  0:40 left  cats/tiger.jpg 25%',
  );
});

test.each([
  [82, ' 20%  100.0 MiB/500.0 MiB  3/120 images  10.0 MiB/s  0:40 left  cats/tiger.jpg 25%'],
  [81, ' 20%  100.0 MiB/500.0 MiB  3/120 images  10.0 MiB/s  0:40 left  …ts/tiger.jpg 25%'],
  [70, ' 20%  100.0 MiB/500.0 MiB  3/120 images  10.0 MiB/s  0:40 left'],
  [61, ' 20%  100.0 MiB/500.0 MiB  3/120 images  0:40 left'],
  [39, ' 20%  100.0 MiB/500.0 MiB  3/120 images'],
  [38, ' 20%  100.0 MiB/500.0 MiB  0:40 left'],
  [26, ' 20%  100.0 MiB/500.0 MiB'],
  [20, ' 20%'],
  [3, ''],
])('in %d columns whole parts are left out', (columns, line) => {
  expect(progressLine(progress, 10 * MIB, { columns })).toBe(line);
});

test('no speed and no time left before they can be told', () => {
  const line = ' 20%  100.0 MiB/500.0 MiB  3/120 images  cats/tiger.jpg 25%';
  expect(progressLine(progress, undefined, wide)).toBe(line);
  expect(progressLine({ ...progress, current: undefined }, 0, wide)).toMatch(/ images {2}0 B\/s$/);
});

test('100% means that all is done', () => {
  const almost = { ...progress, bytesDone: 500 * MIB, current: undefined };
  expect(progressLine(almost, undefined, wide)).toMatch(/^ 99%/);
  expect(progressLine({ ...almost, imagesDone: 120 }, undefined, wide)).toMatch(/^100%/);
});

test('images without bytes count as well', () => {
  const empty = { ...newProgress(), isListed: true, imagesDone: 1, imagesTotal: 2 };
  expect(progressLine(empty, undefined, wide)).toBe(' 50%  0 B/0 B  1/2 images');
});

test('while it lists: what it does and how far that is', () => {
  const listing = { ...newProgress(), imagesTotal: 12_000 };
  expect(progressLine(newProgress(), undefined, wide)).toBe('| Listing images…');
  expect(progressLine(listing, 0, { ...wide, draws: 1 })).toBe('/ Listing images… 12,000');
  expect(progressLine(listing, 0, { columns: 20 })).toBe('');
});

test('no share of a whole that is not known yet', () => {
  const listing = { ...progress, isListed: false, imagesTotal: 16_384 };
  expect(progressLine(listing, 10 * MIB, { columns: 60 })).toBe(
    '|  100.0 MiB  3/16,384+ images  10.0 MiB/s  …s/tiger.jpg 25%',
  );
  const named = { ...progress, imagesUnsized: 5, imagesDone: 30 };
  expect(progressLine(named, 10 * MIB, { columns: 45 })).toBe(' 25%  100.0 MiB  30/120 images  10.0 MiB/s');
});

test('an empty image is done', () => {
  const current = { name: 'a', size: 0, done: 0 };
  expect(progressLine({ ...progress, current }, undefined, wide)).toMatch(/ a 100%$/);
});

test.each(Array.from({ length: 110 }, (_, columns) => columns))('fits into %d columns', (columns) => {
  const whole =
    / \d+%(?: {2}\d+\.\d MiB\/\d+\.\d MiB(?: {2}\d+\/\d+ images)?(?: {2}\d+\.\d MiB\/s)?(?: {2}\d:\d\d left)?(?: {2}\S+ \d+%)?)?/;
  for (const name of ['cats/tiger.jpg', '画像/虎.jpg', '\u202egpj.exe']) {
    const line = progressLine({ ...progress, current: { ...progress.current!, name } }, 10 * MIB, {
      columns,
    });
    expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    if (columns >= 4) expect(whole.exec(line)?.[0]).toBe(line);
  }
});

test('the image at hand is dimmed, which takes no room', () => {
  const dimmed = (text: string) => `<${text}>`;
  expect(progressLine(progress, undefined, { columns: 59, dimmed })).toMatch(/ {2}<cats\/tiger\.jpg 25%>$/);
});

test('names cannot move the cursor', () => {
  const current = { name: '\x1b[2J\u202e.jpg', size: 1, done: 1 };
  expect(progressLine({ ...progress, current }, undefined, wide)).toMatch(
    / \\u\{1b\}\[2J\\u\{202e\}\.jpg 100%$/,
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
