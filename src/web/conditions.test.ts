import { judge, parseRange, rangeHolds } from './conditions';

const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const date = (shift: number) => new Date(MODIFIED + shift * 1000).toUTCString();
const strong = { etag: '"abc"', modified: MODIFIED };
const weak = { etag: 'W/"abc"', modified: MODIFIED };

test.each([
  [{}, 'go on', 'go on'],
  [{ 'if-none-match': '"abc"' }, 'not modified', 'not modified'],
  [{ 'if-none-match': 'W/"abc"' }, 'not modified', 'not modified'],
  [{ 'if-none-match': '"x", "abc"' }, 'not modified', 'not modified'],
  [{ 'if-none-match': '*' }, 'not modified', 'not modified'],
  [{ 'if-none-match': '"x"' }, 'go on', 'go on'],
  [{ 'if-none-match': 'abc' }, 'go on', 'go on'],
  [{ 'if-match': '"abc"' }, 'go on', 'precondition failed'],
  [{ 'if-match': '"x"' }, 'precondition failed', 'precondition failed'],
  [{ 'if-match': '*' }, 'go on', 'go on'],
  [{ 'if-match': '"x"', 'if-none-match': '"abc"' }, 'precondition failed', 'precondition failed'],
  [{ 'if-modified-since': date(0) }, 'not modified', 'not modified'],
  [{ 'if-modified-since': date(10) }, 'not modified', 'not modified'],
  [{ 'if-modified-since': date(-10) }, 'go on', 'go on'],
  [{ 'if-modified-since': 'yesterday' }, 'go on', 'go on'],
  [{ 'if-modified-since': '2030' }, 'go on', 'go on'],
  [{ 'if-modified-since': 'Friday, 02-Jan-26 03:04:05 GMT' }, 'not modified', 'not modified'],
  [{ 'if-modified-since': 'Fri Jan  2 03:04:05 2026' }, 'not modified', 'not modified'],
  [{ 'if-modified-since': 'Fri Jan  2 03:04:04 2026' }, 'go on', 'go on'],
  [{ 'if-none-match': '"x"', 'if-modified-since': date(0) }, 'go on', 'go on'],
  [{ 'if-unmodified-since': date(0) }, 'go on', 'go on'],
  [{ 'if-unmodified-since': date(-10) }, 'precondition failed', 'precondition failed'],
  [{ 'if-match': '"abc"', 'if-unmodified-since': date(-10) }, 'go on', 'precondition failed'],
])('%j: strong %s, weak %s', (headers, ofStrong, ofWeak) => {
  expect(judge(headers, strong)).toBe(ofStrong);
  expect(judge(headers, weak)).toBe(ofWeak);
});

test.each([
  [undefined, undefined],
  ['bytes=0-0', { offset: 0, length: 1 }],
  ['bytes=10-19', { offset: 10, length: 10 }],
  ['bytes=90-', { offset: 90, length: 10 }],
  ['bytes=90-1000', { offset: 90, length: 10 }],
  ['bytes=-10', { offset: 90, length: 10 }],
  ['bytes=-1000', { offset: 0, length: 100 }],
  ['BYTES=0-9', { offset: 0, length: 10 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=100-200', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=0-9,20-29', undefined],
  ['bytes=9-0', undefined],
  ['bytes=-', undefined],
  ['bytes=a-b', undefined],
  ['bytes=1e1-20', undefined],
  ['pages=0-9', undefined],
  ['bytes=0-99999999999999999999', { offset: 0, length: 100 }],
  ['bytes=99999999999999999999-', 'unsatisfiable'],
  ['bytes= 0 - 9', undefined],
  ['bytes=0-9 ', undefined],
])('%s of 100 bytes', (header, expected) => expect(parseRange(header, 100)).toEqual(expected));

test('nothing of an empty image can be had', () => {
  expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseRange('bytes=-1', 0)).toBe('unsatisfiable');
});

test('If-Range holds for the same strong ETag only', () => {
  expect(rangeHolds({}, '"abc"')).toBe(true);
  expect(rangeHolds({ 'if-range': '"abc"' }, '"abc"')).toBe(true);
  expect(rangeHolds({ 'if-range': '"x"' }, '"abc"')).toBe(false);
  expect(rangeHolds({ 'if-range': 'W/"abc"' }, 'W/"abc"')).toBe(false);
  expect(rangeHolds({ 'if-range': date(0) }, '"abc"')).toBe(false);
});

test('a Range of nothing but spaces takes no time', () => {
  const began = performance.now();
  const spaces = ' '.repeat(8000);
  expect(parseRange(`bytes=${spaces}-${spaces}x`, 100)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(50);
});
