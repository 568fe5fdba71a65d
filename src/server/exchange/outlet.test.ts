import type { Connection } from '../../connection';
import { Outlet } from './outlet';

/** What was written, with a bar behind each call to the system. */
let log: string;
let outlet: Outlet;
beforeEach(() => {
  log = '';
  const connection = {
    isOpen: true,
    queuedBytes: 0,
    write: (parts: readonly Buffer[], flushed?: () => void) => {
      log += parts.join('');
      flushed?.();
    },
    send: () => (log += '|'),
  };
  outlet = new Outlet(connection as unknown as Connection);
});

const gather = (text: string) => outlet.gather([Buffer.from(text)]);
const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve));

test('what can be answered without waiting goes out together, before anybody else has a turn', async () => {
  gather('a');
  await Promise.resolve().then(() => gather('b'));
  expect(log).toBe('ab');
  await nextTick();
  expect(log).toBe('ab|');
  gather('c');
  await nextTick();
  expect(log).toBe('ab|c|');
});

test('what is written goes out at once, behind what was gathered', () => {
  gather('a');
  outlet.write([Buffer.from('b')]);
  expect(log).toBe('ab|');
});

test('both are counted, and tell when their memory is no longer needed', () => {
  const flushed = jest.fn();
  outlet.gather([Buffer.from('a')], flushed);
  outlet.write([Buffer.from('b')], flushed);
  expect(flushed).toHaveBeenCalledTimes(2);
  expect(outlet.flushes).toBe(2);
});
