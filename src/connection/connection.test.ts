import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Connection } from './connection';

let server: Server;
let socket: Socket;
let connection: Connection;
/** The other side. */
let accepted: Promise<Socket>;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  accepted = once(server, 'connection').then(([taken]) => taken as Socket);
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  connection = new Connection(socket, {
    address: 'server',
    limit: () => 0,
    sink: { frame: () => undefined, data: () => undefined },
    onClose: () => undefined,
  });
});
afterEach(async () => {
  socket.destroy();
  (await accepted).destroy();
  server.close();
  await once(server, 'close');
});

test('silence is noticed also where its time was up while this side paused', async () => {
  const expired = jest.fn();
  connection.watchSilence(20, expired);
  connection.pause();
  await once(socket, 'timeout');
  expect(expired).not.toHaveBeenCalled();
  connection.resume();
  await once(socket, 'timeout');
  expect(expired).toHaveBeenCalledTimes(1);
});

test('what is written in one turn of the event loop goes out together, in its order', async () => {
  const received = accepted.then(text);
  for (const word of ['one ', 'two ', 'three']) connection.write([Buffer.from(word)]);
  expect(connection.queuedBytes).toBe(13);
  await new Promise((resolve) => setImmediate(resolve));
  expect(connection.queuedBytes).toBe(0);
  socket.end();
  expect(await received).toBe('one two three');
});

test('much is sent at once', () => {
  connection.write([Buffer.alloc(100)]);
  connection.write([Buffer.alloc(131_072)]);
  expect(connection.queuedBytes).toBe(0);
});

test('what was written goes out before the connection is finished', async () => {
  const received = accepted.then(text);
  connection.write([Buffer.from('first, ')]);
  connection.finish(Buffer.from('last'));
  expect(await received).toBe('first, last');
});
