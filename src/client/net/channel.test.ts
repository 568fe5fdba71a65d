import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { encode, encodeHeader, MessageType, parseJson } from '../../protocol';
import { FakeServer, type Request } from '../fixtures/fake-server';
import { Channel } from './channel';

let server: FakeServer;
let channel: Channel;
let closed: Promise<void>;
afterEach(() => server.close());

async function start(answer: (request: Request) => void): Promise<void> {
  server = await FakeServer.start(answer);
  const socket = connectSocket(server.port, '127.0.0.1');
  await once(socket, 'connect');
  closed = once(socket, 'close').then(() => undefined);
  channel = new Channel(
    socket,
    { address: 'server', timeout: 5000, token: undefined, tls: undefined },
    () => undefined,
  );
}

const ping = () =>
  channel.request(
    MessageType.PONG,
    (id) => encode.ping(id),
    (payload) => payload,
  );

test('a server that says CLOSING, and then nothing, is not waited for', async () => {
  await start(({ socket, id }) => {
    socket.write(encode.closing({ reason: 'shutdown' }));
    socket.write(encode.pong(id, Buffer.alloc(0)));
  });
  await ping();
  await closed;
  expect(channel).toMatchObject({ isOpen: false, lostWork: false });
});

test('an END that was damaged on the way is a lost connection, as any damage is', async () => {
  await start(({ socket, id }) => {
    socket.write(encode.delivery(id, { size: 0, mtime: 0, version: 'v', offset: 0, length: 0 }));
    socket.write(Buffer.concat([encodeHeader(1, MessageType.END, id), Buffer.from('{')]));
  });
  const { ended } = channel.get({ name: 'a.jpg' }, { begin: () => undefined, data: () => undefined });
  await expect(ended).rejects.toMatchObject({ code: 'DISCONNECTED' });
});

test('a delivery of another digest than was asked for is, too', async () => {
  const told = { size: 3, mtime: 0, version: 'v', offset: 0, length: 3, sha256: 'b'.repeat(64) };
  await start(({ socket, id }) => void socket.write(encode.delivery(id, told)));
  const begin = jest.fn();
  const { ended } = channel.get({ name: 'a.jpg', sha256: 'a'.repeat(64) }, { begin, data: () => undefined });
  await expect(ended).rejects.toMatchObject({ code: 'DISCONNECTED' });
  expect(begin).not.toHaveBeenCalled();
});

test('any other reply that is no JSON is, too, so that it is asked for again', async () => {
  await start(({ socket, id }) => {
    socket.write(Buffer.concat([encodeHeader(1, MessageType.PAGE, id), Buffer.from('{')]));
  });
  const page = channel.request(MessageType.PAGE, (id) => encode.list(id, {}), parseJson);
  await expect(page).rejects.toMatchObject({ code: 'DISCONNECTED' });
  await closed;
});
