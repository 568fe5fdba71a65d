import { compareNames } from './byte-order';

test('compareNames orders as the bytes of UTF-8 do', () => {
  const names = ['a', 'B', 'a/b', 'a.b', 'ä', '山', '\ue000', '\uffff', '🌄', '🌄a', '', 'aa', 'z', '\u0001'];
  const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect([...names].sort(compareNames)).toEqual(byBytes);
});
