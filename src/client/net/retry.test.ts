import { ConnectionError, LocalError, RemoteError } from '../../errors';
import { backOff, isTransient, Tries } from './retry';
import type { Retry } from './settings';

test('the pause doubles, up to ten seconds, and differs by chance', () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 20, 1000].map((attempt) => {
    const delays = Array.from({ length: 200 }, () => backOff(attempt));
    return [Math.min(...delays), Math.max(...delays)] as const;
  });
  bounds.forEach(([low, high], i) => {
    const middle = Math.min(10_000, 250 * 2 ** i);
    expect(low).toBeGreaterThanOrEqual(middle / 2);
    expect(high).toBeLessThanOrEqual(middle * 1.5);
    expect(high).toBeGreaterThan(low);
  });
});

test('only what says nothing about the image is tried again', () => {
  expect(isTransient(new ConnectionError('DISCONNECTED', ''))).toBe(true);
  expect(isTransient(new ConnectionError('TIMEOUT', ''))).toBe(true);
  expect(isTransient(new RemoteError('BUSY', ''))).toBe(true);
  expect(isTransient(new RemoteError('CLOSING', ''))).toBe(true);
  expect(isTransient(new RemoteError('NOT_FOUND', ''))).toBe(false);
  expect(isTransient(new RemoteError('UNAUTHORIZED', ''))).toBe(false);
  expect(isTransient(new LocalError('DISK', ''))).toBe(false);
  expect(isTransient(new Error('ECONNRESET'))).toBe(false);
});

describe('a server that shuts down', () => {
  const refused = new ConnectionError('UNREACHABLE', 'refused');
  const retries: Retry[] = [];
  let tries: Tries;

  beforeEach(() => {
    jest.useFakeTimers();
    retries.length = 0;
    tries = new Tries({ address: 'h:1', retries: 5, onRetry: (retry) => retries.push(retry) });
    tries.hasBeenGreeted = true;
  });
  afterEach(() => jest.useRealTimers());

  /** Tries on until that is given up, and gives the milliseconds that took; no more than a few minutes. */
  function tryOn(meanwhile: () => void = () => undefined): number {
    const begin = performance.now();
    for (let i = 0; i < 300; i++) {
      const delay = tries.next(refused, false, true);
      if (delay === undefined) break;
      jest.advanceTimersByTime(delay);
      meanwhile();
    }
    return performance.now() - begin;
  }

  test('is looked for about once a second for as long as a restart takes, then as often as was asked for', () => {
    expect(tries.stops()).toBe(true);
    const took = tryOn();
    expect(took).toBeGreaterThan(30_000);
    expect(took).toBeLessThan(60_000);
    expect(retries.map(({ error: { code }, attempt }) => `${code} ${attempt}`)).toEqual([
      'CLOSING 0',
      ...[1, 2, 3, 4, 5].map((attempt) => `UNREACHABLE ${attempt}`),
    ]);
  });

  test('does not keep a client for ever by saying so again and again', () => {
    const say = () => void tries.stops();
    say();
    expect(tryOn(say)).toBeLessThan(60_000);
  });

  test('is waited for from the last that it finished on', () => {
    tries.stops();
    jest.advanceTimersByTime(25_000);
    tries.progressed(() => false);
    expect(tryOn()).toBeGreaterThan(30_000);
    expect(retries.filter(({ attempt }) => attempt === 0)).toHaveLength(1);
  });

  test('may do so again once it has been back', () => {
    tries.stops();
    tries.next(refused, false, true);
    tries.progressed(() => true);
    expect(tries.stops()).toBe(true);
    tries.next(refused, false, true);
    expect(retries.map(({ attempt }) => attempt)).toEqual([0, 0]);
  });
});
