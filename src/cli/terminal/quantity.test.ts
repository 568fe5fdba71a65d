import { formatCount, formatDuration, formatElapsed, formatSize } from './quantity';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
  [1024 ** 6 * 2, '2048.0 PiB'],
  [512.4, '512 B'],
])('%d bytes', (bytes, text) => expect(formatSize(bytes)).toBe(text));

test.each([
  [0, '0:00'],
  [7.4, '0:07'],
  [59.6, '1:00'],
  [754, '12:34'],
  [3723, '1:02:03'],
  [360_000, '100:00:00'],
])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [0, '0.0 s'],
  [7.44, '7.4 s'],
  [59.94, '59.9 s'],
  [59.96, '1:00'],
  [754, '12:34'],
])('%d seconds that something took', (seconds, text) => expect(formatElapsed(seconds)).toBe(text));

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
])('a count of %d', (count, text) => expect(formatCount(count)).toBe(text));
