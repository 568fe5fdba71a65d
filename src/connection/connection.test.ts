import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connection } from './connection';

let server: Server;
let socket: Socket;
let connection: Connection;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
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
