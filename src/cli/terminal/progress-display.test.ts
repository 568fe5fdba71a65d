import { SpeedMeter } from './progress-display';

test('nothing can be told from one sample', () => expect(new SpeedMeter().sample(5, 1)).toBeUndefined());

test('an even speed is that speed', () => {
  const meter = new SpeedMeter();
  const speeds = [0, 1, 2, 3].map((second) => meter.sample(second * 100, second));
  expect(speeds.slice(1)).toEqual([100, 100, 100]);
});

test('a stall brings it down bit by bit', () => {
  const meter = new SpeedMeter();
  meter.sample(0, 0);
  meter.sample(100, 1);
  const [after, later] = [meter.sample(100, 2)!, meter.sample(100, 12)!];
  expect(after).toBeGreaterThan(40);
  expect(later).toBeLessThan(5);
});

test('a slow start does not count for more than what comes after it', () => {
  const meter = new SpeedMeter();
  meter.sample(0, 0);
  meter.sample(0, 0.1);
  let speed: number | undefined;
  for (let tenth = 2; tenth <= 10; tenth++) speed = meter.sample((tenth - 1) * 100, tenth / 10);
  expect(speed).toBeGreaterThan(800);
});

test('counters that go back are no negative speed', () => {
  const meter = new SpeedMeter();
  meter.sample(100, 0);
  expect(meter.sample(0, 1)).toBe(0);
});
