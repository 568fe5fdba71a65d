import { countText, fileOf, formatText, nameWithin, sizeText, takenText } from './text';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 KiB'],
  [164_049, '160 KiB'],
  [1_048_576 * 9.96, '10 MiB'],
  [2 ** 50, '1024 TiB'],
])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

test('counts', () => {
  expect([countText(0), countText(1), countText(1234)]).toEqual(['0 images', '1 image', '1,234 images']);
});

test('the time of a camera is told as it says, wherever one is', () => {
  expect(takenText('2024-05-06T07:08:09', undefined)).toBe('6 May 2024, 07:08:09');
  expect(takenText('2024-12-31T23:59:59', '+02:00')).toBe('31 December 2024, 23:59:59 (UTC+02:00)');
});

test('names', () => {
  expect([fileOf('a/b/c.jpg'), fileOf('c.jpg')]).toEqual(['c.jpg', 'c.jpg']);
  expect([nameWithin('', 'a/b.jpg'), nameWithin('a', 'a/b.jpg'), nameWithin('a', 'ab/c.jpg')]).toEqual([
    'a/b.jpg',
    'b.jpg',
    'ab/c.jpg',
  ]);
});

test.each([
  ['a/b.psd', 'psd', 'PSD'],
  ['a/b.heic', undefined, 'HEIC'],
  ['a/b.heic', 'unknown', 'HEIC'],
  ['a.b/c', undefined, 'FILE'],
  ['a/.jpg', undefined, 'FILE'],
])('%s that is %s is shown as %s', (name, format, text) => expect(formatText(name, format)).toBe(text));
