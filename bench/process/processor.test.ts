import { parseStat } from './processor';

test('a line of /proc/PID/stat, whatever the process calls itself', () => {
  const rest = 'S 10 77 77 0 -1 4194560 67 153 0 45 120 30 400 50 20 0 1 0 14 388 2489';
  const times = { group: 77, own: 1.5, waitedFor: 4.5 };
  expect(parseStat(`78 (nginx) ${rest}`)).toEqual(times);
  expect(parseStat(`78 (a) b (c) ${rest}`)).toEqual(times);
});
