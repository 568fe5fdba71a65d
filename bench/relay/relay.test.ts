import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { Relay } from './relay';

const MIB = 2 ** 20;
const shape = { bytesPerSecond: 20 * MIB, delayMs: 10, queueMs: 100, window: MIB };

/** A server that answers each request with so many bytes, and a relay before it. */
async function setUp(bytes: number) {
  const server = createServer((socket) => socket.once('data', () => socket.end(Buffer.alloc(bytes, 7))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  let delivered = 0;
  const relay = new Relay(shape, (count) => (delivered += count));
  const port = await relay.open((server.address() as AddressInfo).port);
  return { port, delivered: () => delivered, close: () => (server.close(), relay.close()) };
}

async function fetch(port: number): Promise<{ bytes: number; ms: number; firstMs: number }> {
  const start = performance.now();
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write('please'));
  let bytes = 0;
  let firstMs = Infinity;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    firstMs = Math.min(firstMs, performance.now() - start);
    bytes += chunk.length;
  }
  return { bytes, ms: performance.now() - start, firstMs };
}

test('a first answer takes two round trips, one of them to connect', async () => {
  const { port, close } = await setUp(1000);
  const { bytes, firstMs } = await fetch(port);
  expect(bytes).toBe(1000);
  expect(firstMs).toBeGreaterThanOrEqual(4 * shape.delayMs - 1);
  close();
});

test('all connections share the rate, and every byte arrives', async () => {
  const { port, delivered, close } = await setUp(MIB);
  const start = performance.now();
  const fetched = await Promise.all(Array.from({ length: 4 }, () => fetch(port)));
  expect(fetched.map(({ bytes }) => bytes)).toEqual([MIB, MIB, MIB, MIB]);
  expect(delivered()).toBe(4 * MIB);
  expect(performance.now() - start).toBeGreaterThanOrEqual(4 * 50 + 4 * shape.delayMs - 5);
  close();
});

test('a connection has no more under way than its window', async () => {
  const { port, close } = await setUp(MIB);
  const { ms } = await fetch(port);
  // The window doubles each round trip of 20 ms from 14 KiB: seven of them, before the rate is what limits.
  expect(ms).toBeGreaterThan(130);
  close();
});
