import { EVERYTHING } from '../../access';
import type { Connection } from '../../connection';
import { FrameDecoder, MessageType } from '../../protocol';
import type { ServerContext } from './exchange';
import { Outlet } from './outlet';
import { Request } from './request';
import { sayWorking } from './working';

const INTERVAL = 5000;

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick'] }));
afterEach(() => jest.useRealTimers());

test('WORKING is sent as long as the work takes, but not to a client that has something to read', async () => {
  const types: number[] = [];
  const decoder = new FrameDecoder(() => 1000, {
    frame: (type) => void types.push(type),
    data: () => undefined,
  });
  const connection = {
    isOpen: true,
    queuedBytes: 0,
    write: (parts: readonly Buffer[]) => parts.forEach((part) => decoder.push(part)),
    send: () => undefined,
  };
  const context = { timeouts: { working: INTERVAL } } as ServerContext;
  const request = new Request(1, 'GET', 0, EVERYTHING);
  let finish = () => {};
  const working = sayWorking(context, new Outlet(connection as unknown as Connection), request, () => {
    return new Promise<void>((resolve) => (finish = resolve));
  });
  await new Promise((resolve) => setImmediate(resolve));
  jest.advanceTimersByTime(2 * INTERVAL);
  expect(types).toEqual([MessageType.WORKING, MessageType.WORKING]);
  connection.queuedBytes = 1;
  jest.advanceTimersByTime(10 * INTERVAL);
  expect(types).toHaveLength(2);
  connection.queuedBytes = 0;
  jest.advanceTimersByTime(INTERVAL);
  expect(types).toHaveLength(3);
  finish();
  await working;
  jest.advanceTimersByTime(10 * INTERVAL);
  expect(types).toHaveLength(3);
});
