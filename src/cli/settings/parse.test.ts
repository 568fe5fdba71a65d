import { bytesFrom, integerFrom, nonEmpty, secondsFrom, truth } from './parse';

describe('integerFrom', () => {
  const parse = integerFrom(1, 65_535);

  test.each([
    ['1', 1],
    ['5005', 5005],
    ['065', 65],
    ['65535', 65_535],
  ])('takes %s', (text, value) => expect(parse(text)).toBe(value));

  test.each(['0', '65536', '12abc', '1e3', '0x10', '-1', '+1', '1.0', ' 1', '', '٣', '9'.repeat(40)])(
    'refuses %j',
    (text) => expect(() => parse(text)).toThrow(`from 1 to 65535, not '${text}'`),
  );
});

test.each([
  ['1', true],
  ['TRUE', true],
  ['yes', true],
  ['on', true],
  ['0', false],
  ['false', false],
  ['No', false],
  ['off', false],
])('truth of %s', (text, value) => expect(truth(text)).toBe(value));

test.each(['2', 'y', 'maybe', ' 1'])('truth refuses %j', (text) =>
  expect(() => truth(text)).toThrow('must be 1, true'),
);

test('nonEmpty refuses nothing and NUL', () => {
  expect(nonEmpty('a b')).toBe('a b');
  expect(() => nonEmpty('')).toThrow('empty');
  expect(() => nonEmpty('a\0b')).toThrow('NUL');
});

describe('secondsFrom', () => {
  const parse = secondsFrom(1, 86_400);

  test.each([
    ['30', 30],
    ['30s', 30],
    ['2m', 120],
    ['1h', 3600],
    ['1d', 86_400],
  ])('takes %s', (text, value) => expect(parse(text)).toBe(value));

  test.each(['0', '0s', '2d', '500ms', '1.5m', '2M', '30 s', 's', '', '-1s', '9'.repeat(10)])(
    'refuses %j',
    (text) =>
      expect(() => parse(text)).toThrow(`must be 1 to 86400 seconds, such as 30, 30s or 2m, not '${text}'`),
  );
});

describe('bytesFrom', () => {
  const parse = bytesFrom(1024);

  test.each([
    ['1024', 1024],
    ['500k', 512_000],
    ['10M', 10_485_760],
    ['10MiB', 10_485_760],
    ['10MB', 10_000_000],
    ['2kB', 2000],
    ['1.5G', 1_610_612_736],
  ])('takes %s', (text, value) => expect(parse(text)).toBe(value));

  test.each([
    '0',
    '1023',
    '1KB',
    '-1M',
    '10Mb',
    '10mib',
    '5B',
    '5iB',
    'M',
    '',
    '1e6',
    '1,5M',
    ' 10M',
    '9'.repeat(13),
    '999999999999G',
  ])('refuses %j', (text) =>
    expect(() => parse(text)).toThrow(`1024 or more, such as 500K or 10M, not '${text}'`),
  );
});
