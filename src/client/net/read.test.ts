import { createHash } from 'node:crypto';
import { encode, MessageType } from '../../protocol';
import type { Client } from '../client';
import { connect } from '../connect';
import { FakeServer, type Request } from '../fixtures/fake-server';

const MIB = 1_048_576;
const state = { mtime: 0, version: 'v' };
const NOTHING = createHash('sha256').digest('hex');

let server: FakeServer;
let client: Client;
afterEach(async () => {
  client.close();
  await server.close();
});

async function start(answer: (request: Request) => void, options = {}): Promise<void> {
  server = await FakeServer.start(answer);
  client = connect({ port: server.port, connections: 1, retries: 0, ...options });
}

async function readAll(name: string, range = {}): Promise<number> {
  let bytes = 0;
  for await (const part of client.read(name, range)) bytes += part.length;
  return bytes;
}

test('what still comes when nobody wants more does not hold the connection up', async () => {
  await start(({ socket, type, id }) => {
    if (type === MessageType.PING) socket.write(encode.pong(id, Buffer.alloc(0)));
    if (type === MessageType.CANCEL) {
      for (let i = 0; i < 15; i++) socket.write(encode.data(id, Buffer.alloc(MIB)));
      socket.write(encode.error(id, { code: 'CANCELLED', message: 'Cancelled.' }));
    }
    if (type !== MessageType.GET) return;
    socket.write(encode.delivery(id, { ...state, size: 16 * MIB, offset: 0, length: 16 * MIB }));
    socket.write(encode.data(id, Buffer.alloc(MIB)));
  });
  for await (const bytes of client.read('a.jpg')) if (bytes.length > 0) break;
  expect(await client.ping()).toBeGreaterThan(0);
});

test('bytes belong to whoever reads them: their memory can be given away', async () => {
  const image = Buffer.alloc(4 * MIB, 'reso');
  const sha256 = createHash('sha256').update(image).digest('hex');
  await start(({ socket, type, id }) => {
    if (type === MessageType.PING) socket.write(encode.pong(id, Buffer.alloc(0)));
    if (type !== MessageType.GET) return;
    socket.write(encode.delivery(id, { ...state, size: 4 * MIB, offset: 0, length: 4 * MIB }));
    for (let at = 0; at < image.length; at += MIB)
      socket.write(encode.data(id, image.subarray(at, at + MIB)));
    socket.write(encode.end(id, { sha256 }));
  });
  const hash = createHash('sha256');
  for await (const bytes of client.read('a.jpg')) {
    hash.update(bytes);
    const { buffer } = bytes;
    structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
  }
  expect(hash.digest('hex')).toBe(sha256);
  expect(await client.ping()).toBeGreaterThan(0);
});

test('many at once stay within what may be outstanding', async () => {
  let outstanding = 0;
  let most = 0;
  await start(({ socket, type, id }) => {
    if (type !== MessageType.GET) return;
    most = Math.max(most, ++outstanding);
    setImmediate(() => {
      outstanding--;
      socket.write(encode.delivery(id, { ...state, size: 0, offset: 0, length: 0 }));
      socket.write(encode.end(id, { sha256: NOTHING }));
    });
  });
  await Promise.all(Array.from({ length: 1000 }, (_, i) => readAll(`${i}.jpg`)));
  expect(most).toBeLessThanOrEqual(256);
});

test('a connection that is lost before the first byte is made again', async () => {
  await start(
    ({ socket, id }) => {
      if (server.sockets.length === 1) socket.destroy();
      else {
        socket.write(encode.delivery(id, { ...state, size: 0, offset: 0, length: 0 }));
        socket.write(encode.end(id, { sha256: NOTHING }));
      }
    },
    { retries: 1 },
  );
  expect(await readAll('a.jpg')).toBe(0);
});

test('another part than was asked for is refused', async () => {
  await start(({ socket, id }) => {
    socket.write(encode.delivery(id, { ...state, size: 100, offset: 0, length: 10 }));
  });
  await expect(readAll('a.jpg', { offset: 5, length: 10 })).rejects.toMatchObject({ code: 'DISCONNECTED' });
});

test('a name or a glob that can not be one is not sent', async () => {
  await start(({ socket, id }) => void socket.write(encode.pong(id, Buffer.alloc(0))));
  await expect(client.stat('x'.repeat(70_000))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.digests('../a.jpg')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(readAll('')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.list({ globs: ['../{'] }).next()).rejects.toMatchObject({ code: 'USAGE' });
  expect(await client.ping()).toBeGreaterThan(0);
});
