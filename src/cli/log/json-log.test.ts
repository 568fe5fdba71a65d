import { GatheredLines } from './json-log';

let written: string[];
let lines: GatheredLines;
beforeEach(() => {
  jest.useFakeTimers();
  written = [];
  lines = new GatheredLines((text) => written.push(text));
});
afterEach(() => jest.useRealTimers());

test('lines are written together, a twentieth of a second after the first at the latest', () => {
  lines.add('one\n');
  jest.advanceTimersByTime(30);
  lines.add('two\n');
  expect(written).toEqual([]);
  jest.advanceTimersByTime(20);
  expect(written).toEqual(['one\ntwo\n']);
  lines.add('three\n');
  jest.advanceTimersByTime(50);
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
});

test('many are written at once', () => {
  const line = `${'x'.repeat(1023)}\n`;
  for (let i = 0; i < 10; i++) lines.add(line);
  expect(written).toEqual([line.repeat(8)]);
});

test('flush writes what is there, and nothing twice', () => {
  lines.add('one\n');
  lines.flush();
  lines.flush();
  jest.advanceTimersByTime(1000);
  expect(written).toEqual(['one\n']);
});
