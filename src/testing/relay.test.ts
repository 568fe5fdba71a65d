import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Relay } from './relay';
import { Standstill } from './standstill';

let listener: Server;

beforeEach(async () => {
  listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
});

afterEach(async () => {
  await new Promise((resolve) => listener.close(resolve));
});

async function connection(): Promise<[Socket, Socket]> {
  const { port } = listener.address() as AddressInfo;
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const made = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const [[taken]] = await Promise.all([accepted, once(made, 'connect')]);
  return [made, taken];
}

test('a reset while the end of what one side sent is on its way closes both', async () => {
  const [client, near] = await connection();
  const [far, server] = await connection();
  for (const socket of [client, server]) {
    socket
      .on('error', () => undefined)
      .on('end', () => socket.end())
      .resume();
  }
  const direction = { faults: {}, count: () => undefined };
  const relay = new Relay(
    [
      { ...direction, source: near, sink: far },
      { ...direction, source: far, sink: near },
    ],
    new Standstill(),
  );
  const closed = Promise.all(
    [client, server].map((socket) => new Promise((resolve) => socket.on('close', resolve))),
  );
  far.end();
  relay.reset();
  await Promise.all([relay.done, closed]);
  expect([near, far].map(({ closed }) => closed)).toEqual([true, true]);
});
