import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Log, LogFields } from '../telemetry';
import { openTls } from '../access';
import { certificatePath, keyPath } from '../access/fixtures/certificate';
import { eventually } from '../server/fixtures/serving';
import { Pipelines } from './connections/pipelines';
import { closed, exchange, statuses } from './fixtures/raw-http';
import { WebServing } from './fixtures/web-serving';

const lines: LogFields[] = [];
const note = (_message: string, fields: LogFields = {}) => void lines.push(fields);
const log: Log = { debug: note, info: note, warn: note, error: note };

let serving: WebServing;
beforeEach(async () => {
  lines.length = 0;
  serving = await WebServing.start({ log });
  await serving.put('a.jpg', 'image');
});
afterEach(() => serving.stop());

const CLOSE = 'Connection: close\r\n';
const ask = (text: string) => exchange(serving.server.port, text);

test.each([
  [
    'both lengths',
    'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['two lengths', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
  ['a length that is none', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc'],
  [
    'chunks that are not the last coding',
    'POST /session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n',
  ],
  ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n'],
  ['a bare CR', 'GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n'],
  ['a NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n'],
  ['two hosts', `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${CLOSE}\r\n`],
  ['no host', `GET / HTTP/1.1\r\n${CLOSE}\r\n`],
  ['no HTTP', 'HELLO\r\n\r\n'],
  ['another version', 'GET / HTTP/3.0\r\nHost: a\r\n\r\n'],
])('%s: 400, one line in the log, and nothing of it is taken for another request', async (_what, text) => {
  const answer = await ask(`${text}GET /images/a.jpg HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`);
  expect(statuses(answer)).toEqual([400]);
  expect(answer).toMatch(/Content-Type: application\/problem\+json/i);
  expect(answer).toMatch(/X-Content-Type-Options: nosniff/i);
  expect(lines).toMatchObject([{ status: 400 }]);
});

test('an address or headers that are too long: 431', async () => {
  expect(statuses(await ask(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`))).toEqual([431]);
  expect(statuses(await ask(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`))).toEqual([431]);
});

test.each([
  ['HTTP/1.0 without a host', 'GET /images/a.jpg HTTP/1.0\r\n\r\n', 200],
  ['a whole URL', `GET http://localhost/images/a.jpg HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`, 200],
  ['a whole URL of another host', `GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`, 421],
  ['an unknown path under a foreign name', `GET /none HTTP/1.1\r\nHost: evil.example\r\n${CLOSE}\r\n`, 421],
  ['OPTIONS of all', `OPTIONS * HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`, 204],
  ['an odd expectation', `GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n${CLOSE}\r\n`, 417],
  ['an unknown method', `PROPFIND / HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`, 405],
  ['TRACE', `TRACE / HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`, 405],
])('%s', async (_what, text, status) => {
  const answer = await ask(text);
  expect(statuses(answer)).toEqual([status]);
  expect(lines).toHaveLength(1);
});

test('a body of GET is not taken for a request', async () => {
  const inner = 'GET /images/a.jpg HTTP/1.1\r\nHost: a\r\n\r\n';
  const answer = await ask(
    `GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
  );
  expect(statuses(answer)).toEqual([200]);
  expect(answer).toMatch(/^Connection: close\r$/im);
});

test('requests that are sent ahead are answered in their order', async () => {
  const text = ['/images/a.jpg', '/none', '/healthz']
    .map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    .join('');
  const answer = await ask(`${text}GET /readyz HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`);
  expect(statuses(answer)).toEqual([200, 404, 200, 200]);
  expect(lines.map(({ path }) => path)).toEqual(['/images/a.jpg', '/none', '/healthz', '/readyz']);
});

test('who sends hundreds ahead is disconnected, and had no more than one of them begun', async () => {
  await serving.put('large.jpg', Buffer.alloc(30_000_000));
  const open = jest.spyOn(serving.catalog, 'open');
  const socket = connect(serving.server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET /images/large.jpg HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(500));
  await closed(socket);
  expect(open.mock.calls.length).toBeLessThan(3);
});

test('a log line names neither a query nor the user of a URL, and is not endless', async () => {
  await ask(
    `GET http://me:secret@localhost/images/${'x'.repeat(2000)}?token=secret HTTP/1.1\r\nHost: a\r\n${CLOSE}\r\n`,
  );
  expect(JSON.stringify(lines)).not.toContain('secret');
  expect(String(lines[0]?.['path']).length).toBeLessThan(600);
});

test('who speaks TLS where it is not spoken is disconnected, and the log says why', async () => {
  const socket = connectTls({ host: '127.0.0.1', port: serving.server.port, rejectUnauthorized: false });
  await expect(once(socket, 'secureConnect')).rejects.toThrow();
  expect(lines).toMatchObject([{ reason: expect.stringContaining('TLS') as string }]);
});

test('who speaks plain HTTP where TLS is spoken is told so, and others are served', async () => {
  await serving.stop();
  const material = openTls({ cert: certificatePath('server'), key: keyPath('server') }, () => undefined);
  serving = await WebServing.start({ tls: () => material.value, log });
  await serving.put('a.jpg', 'image');
  const answer = await ask('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 400 .*https:\/\//s);
  expect((await serving.get('/images/a.jpg')).text).toBe('image');
});

test('a TLS client that is too old is mentioned in the log', async () => {
  await serving.stop();
  const material = openTls({ cert: certificatePath('server'), key: keyPath('server') }, () => undefined);
  serving = await WebServing.start({ tls: () => material.value, log });
  const { port } = serving.server;
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
  await expect(once(socket, 'secureConnect')).rejects.toThrow();
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(lines).toMatchObject([{ reason: expect.stringContaining('protocol') as string }]);
});

test('line ends keep no connection open', async () => {
  const pipelines = new Pipelines(50);
  const server = createServer((request, response) =>
    pipelines.add(request.socket, response, () => response.end('x')),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const sending = setInterval(() => socket.write('\r\n'), 10);
  await closed(socket);
  clearInterval(sending);
  server.close();
});

test('a response may take longer than a connection may stay quiet', async () => {
  const quiet = 50;
  const pipelines = new Pipelines(quiet);
  let requests = 0;
  const server = createServer((request, response) =>
    pipelines.add(request.socket, response, () =>
      // The timer of the first response goes off during the second one.
      setTimeout(() => response.end('x'), requests++ === 0 ? 0 : 4 * quiet),
    ),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
  for (let i = 0; i < 2; i++) {
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    if (i === 0) await once(socket, 'data');
  }
  await closed(socket);
  server.close();
  expect(text.match(/200 OK/g)).toHaveLength(2);
});

test('a client that stops reading in the middle of an image is disconnected', async () => {
  await serving.stop();
  serving = await WebServing.start({ stall: 100 });
  await serving.put('large.jpg', Buffer.alloc(30_000_000, 'x'));
  const slow = connect(serving.server.port, '127.0.0.1');
  slow.on('error', () => undefined);
  slow.write('GET /images/large.jpg HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(slow, 'readable');
  await eventually(() => serving.server.connections === 0);
  slow.destroy();
});

test('one connection too many is told so', async () => {
  await serving.stop();
  serving = await WebServing.start({ connections: 4, connectionsPerAddress: 2 });
  const held = [0, 1].map(() => connect(serving.server.port, '127.0.0.1'));
  for (const socket of held) await once(socket, 'connect');
  while (serving.server.connections < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await serving.get('/healthz')).toMatchObject({
    status: 503,
    headers: { connection: 'close', 'retry-after': '1' },
  });
  for (const socket of held) socket.destroy();
  while (serving.server.connections > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await serving.get('/healthz')).status).toBe(200);
});

test('a shutdown finishes what is under way, says that it is not ready, and waits for nobody else', async () => {
  const bytes = await serving.put('large.jpg', Buffer.alloc(30_000_000, 'x'));
  const idle = connect(serving.server.port, '127.0.0.1');
  const busy = connect(serving.server.port, '127.0.0.1');
  busy.write('GET /images/large.jpg HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(busy, 'readable');
  const began = performance.now();
  const closed = serving.server.close(60_000);
  const parts: Buffer[] = [];
  for await (const part of busy) parts.push(part as Buffer);
  await closed;
  const all = Buffer.concat(parts).toString('latin1');
  expect(statuses(all)).toEqual([200, 503]);
  expect(all.length).toBeGreaterThan(bytes.length);
  expect(performance.now() - began).toBeLessThan(5000);
  idle.destroy();
});
