import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { certificate, identity } from '../../access/fixtures/certificate';
import { DEFAULT_BLOCK_SIZE, DEFAULT_LIMITS, encode, FrameDecoder, MessageType } from '../../protocol';
import { connect } from '../connect';
import type { ConnectOptions, Retry } from './settings';

let server: Server;
const sockets = new Set<Socket>();
const retries: Retry[] = [];

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  retries.length = 0;
  server.close();
  await once(server, 'close');
});

async function listen(service: Server): Promise<void> {
  server = service;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** What comes of a round trip with all retries. */
async function reach(options: ConnectOptions = {}): Promise<unknown> {
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, timeout: 5, onRetry: (retry) => retries.push(retry), ...options });
  try {
    return await client.ping();
  } catch (error) {
    return error;
  } finally {
    client.close();
  }
}

const saying = (...words: string[]) => words.map((word) => expect.stringContaining(word) as string)[0]!;

/** A service that begins, or answers once a line has come, with these bytes, and then ends the connection or not. */
const says = (words: string) => createServer((socket) => void socket.write(words, 'latin1'));
const saysAndEnds = (words: string) => createServer((socket) => void socket.end(words, 'latin1').resume());
const answersLines = (words: string) =>
  createServer((socket) => socket.on('data', (bytes) => bytes.includes('\r\n\r\n') && socket.write(words)));

test.each<[string, string, () => Server]>([
  ['an HTTP server', 'an HTTP server', () => createHttpServer()],
  [
    'one that waits for the end of a request',
    'an HTTP server',
    () => answersLines('HTTP/1.1 400 Bad Request\r\n'),
  ],
  ['one that answers as HTTP 0.9', 'an HTTP server', () => answersLines('<!DOCTYPE HTML>\n<html>')],
  ['an SSH server', 'an SSH server', () => says('SSH-2.0-OpenSSH_9.2\r\n')],
  ['a mail server', 'a mail or FTP server', () => says('220 mail.example ESMTP\r\n')],
  ['a TLS server', 'use resos://', () => saysAndEnds('\x15\x03\x03\0\x02\x02\x46')],
  ['a database', 'another service', () => says('\x4a\0\0\0\x0a8.0.36\0')],
])('%s is recognised, and not tried again', async (_, words, service) => {
  await listen(service());
  expect(await reach()).toMatchObject({ code: 'UNREACHABLE', message: saying(words) });
  expect(retries).toEqual([]);
});

test('a TLS server that hangs up without a word may be what answers', async () => {
  await listen(createTlsServer(identity('server')));
  expect(await reach({ retries: 1 })).toMatchObject({ code: 'UNREACHABLE', message: saying('use resos://') });
});

test('a server without TLS is recognised where TLS was asked for', async () => {
  await listen(createHttpServer());
  const error = await reach({ tls: { ca: certificate('ca') } });
  expect(error).toMatchObject({ code: 'UNTRUSTED', message: saying('use reso://') });
});

test.each([
  ['plain', undefined],
  ['TLS', { ca: certificate('ca') }],
])('who says nothing at all is tried once more, and not for long (%s)', async (_, tls) => {
  await listen(createServer());
  expect(await reach({ tls, timeout: 1 })).toMatchObject({
    code: 'UNREACHABLE',
    message: saying('it accepts'),
  });
  expect(retries).toHaveLength(1);
});

test('bytes that trickle in are no greeting', async () => {
  await listen(
    createServer((socket) => {
      const trickle = setInterval(() => socket.write('\0'), 100);
      socket.on('close', () => clearInterval(trickle));
    }),
  );
  expect(await reach({ timeout: 1, retries: 0 })).toMatchObject({ code: 'UNREACHABLE' });
});

test('a server that greeted before is tried as often as was asked for, whatever comes', async () => {
  const greeting = encode.serverHello({ version: 1, limits: DEFAULT_LIMITS, blockSize: DEFAULT_BLOCK_SIZE });
  let connections = 0;
  await listen(
    createServer((socket) => {
      const isFirst = ++connections === 1;
      if (connections === 2) return socket.write('SSH-2.0-OpenSSH_9.2\r\n');
      const decoder = new FrameDecoder(() => 65_536, {
        frame: (type, id) => {
          if (type === MessageType.HELLO) socket.write(greeting);
          else if (isFirst) socket.destroy();
          else socket.write(encode.pong(id, Buffer.alloc(0)));
        },
        data: () => undefined,
      });
      return socket.on('data', (chunk) => decoder.push(chunk));
    }),
  );
  expect(await reach()).toEqual(expect.any(Number));
  expect(connections).toBe(3);
});
