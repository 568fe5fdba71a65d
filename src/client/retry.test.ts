import { ConnectionError, LocalError, RemoteError } from '../errors';
import { backOff, isTransient } from './retry';

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
