import { RateLimit } from './rate-limit';

class Held {
  holds = 0;
  hold(): void {
    this.holds++;
  }
  release(): void {
    this.holds--;
  }
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const limited = (bytesPerSecond: number) => new RateLimit(bytesPerSecond, () => Date.now());

test('what comes in time is not held up', () => {
  const limit = limited(1000);
  const channel = new Held();
  for (let i = 0; i < 50; i++) {
    limit.arrived(10, channel);
    expect(channel.holds).toBe(0);
    jest.advanceTimersByTime(10);
  }
});

test('what comes too early is waited for, as long as it should have taken', () => {
  const limit = limited(1000);
  const channel = new Held();
  limit.arrived(1100, channel);
  expect(channel.holds).toBe(1);
  jest.advanceTimersByTime(999);
  expect(channel.holds).toBe(1);
  jest.advanceTimersByTime(1);
  expect(channel.holds).toBe(0);
});

test('all connections share the limit, and each is held once', () => {
  const limit = limited(1000);
  const [one, other] = [new Held(), new Held()];
  limit.arrived(600, one);
  limit.arrived(500, other);
  limit.arrived(500, other);
  expect([one.holds, other.holds]).toEqual([1, 1]);
  jest.advanceTimersByTime(1499);
  expect([one.holds, other.holds]).toEqual([1, 1]);
  jest.advanceTimersByTime(1);
  expect([one.holds, other.holds]).toEqual([0, 0]);
});

test('a long rest earns no more than a short burst', () => {
  const limit = limited(1000);
  const channel = new Held();
  jest.advanceTimersByTime(60_000);
  limit.arrived(101, channel);
  expect(channel.holds).toBe(1);
});

test('once it is ended nothing is held, and no timer is left', () => {
  const limit = limited(1000);
  const channel = new Held();
  limit.arrived(5000, channel);
  limit.end();
  expect(channel.holds).toBe(0);
  expect(jest.getTimerCount()).toBe(0);
});
