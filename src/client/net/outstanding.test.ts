import { MAX_OUTSTANDING_BYTES } from '../../protocol';
import { Outstanding, type Pending } from './outstanding';

const pending: Pending = { replyType: 0, resolve: () => undefined, fail: () => undefined };

test('there is room for as many requests, and as many bytes of them, as are allowed', () => {
  const few = new Outstanding();
  for (let i = 0; i < 16; i++) {
    expect(few.hasRoom(16)).toBe(true);
    few.add(pending, () => Buffer.alloc(10));
  }
  expect(few.hasRoom(16)).toBe(false);

  const long = new Outstanding();
  let bytes = 0;
  while (long.hasRoom(4096)) bytes += long.add(pending, () => Buffer.alloc(6000)).frame.length;
  expect(bytes).toBeLessThanOrEqual(MAX_OUTSTANDING_BYTES);
  long.take(1);
  expect(long.get(1)).toBeUndefined();
  long.takeAll();
  expect(long.hasRoom(1)).toBe(true);
});

test('a reply to what is not open is a fault', () => {
  expect(() => new Outstanding().take(1)).toThrow(expect.objectContaining({ code: 'BAD_FRAME' }) as Error);
});
