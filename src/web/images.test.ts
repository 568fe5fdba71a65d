import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BufferPool } from '../connection';
import { WebServing } from './fixtures/web-serving';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const large = Buffer.alloc(3_000_000, 'not all the same, ');

let serving: WebServing;
beforeEach(async () => {
  serving = await WebServing.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await serving.stop();
});

async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

test.each([0, 1, 100_000, 3_000_000])('an original of %d bytes comes byte for byte', async (size) => {
  const bytes = await serving.put('folder/ü #1.jpg', large.subarray(0, size));
  const first = await serving.get('/images/folder/%C3%BC%20%231.jpg');
  expect(first.status).toBe(200);
  expect(first.body.equals(bytes)).toBe(true);
  expect(first.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'content-length': String(size),
    'content-disposition': "inline; filename*=UTF-8''%C3%BC%20%231.jpg",
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'accept-ranges': 'bytes',
  });
});

test('the ETag becomes strong once the digest is known, and the digest comes along', async () => {
  const bytes = await serving.put('a.jpg', large);
  const first = await serving.get('/images/a.jpg');
  expect(first.headers.etag).toMatch(/^W\/"/);
  const second = await serving.get('/images/a.jpg');
  expect(second.headers.etag).toBe(`"sha256-${sha256(bytes)}"`);
  const digest = `sha-256=:${Buffer.from(sha256(bytes), 'hex').toString('base64')}:`;
  expect(second.headers['repr-digest']).toBe(digest);
  const { etag } = second.headers as { etag: string };
  const third = await serving.get('/images/a.jpg', { 'If-None-Match': etag });
  expect([third.status, third.body.length, third.headers.etag]).toEqual([304, 0, etag]);
  await writeFile(join(serving.folder, 'a.jpg'), 'other');
  expect((await serving.get('/images/a.jpg', { 'If-None-Match': etag })).text).toBe('other');
  expect((await serving.get('/images/a.jpg', { 'If-Match': etag })).status).toBe(412);
});

test('the weak ETag of an image stays good when its digest becomes known', async () => {
  await serving.put('a.jpg', large);
  const { etag = '' } = (await serving.get('/images/a.jpg')).headers;
  expect(etag).toMatch(/^W\/"/);
  const again = await serving.get('/images/a.jpg', { 'If-None-Match': etag });
  expect([again.status, again.headers.etag]).toEqual([304, `"sha256-${sha256(large)}"`]);
  await writeFile(join(serving.folder, 'a.jpg'), 'other');
  expect((await serving.get('/images/a.jpg', { 'If-None-Match': etag })).text).toBe('other');
});

test('a condition that names a digest is judged by it, though it was not known', async () => {
  const etag = `"sha256-${sha256(large)}"`;
  for (const name of ['a.jpg', 'b.jpg']) await serving.put(name, large);
  await serving.put('c.jpg', 'other');
  expect((await serving.get('/images/a.jpg', { 'If-Match': etag })).status).toBe(200);
  const part = { Range: 'bytes=-5', 'If-Range': etag };
  expect((await serving.get('/images/b.jpg', part)).status).toBe(206);
  expect((await serving.get('/images/c.jpg', part)).text).toBe('other');
  expect((await serving.get('/images/c.jpg', { 'If-Match': etag })).status).toBe(412);
});

test('If-Range without a range, or with HEAD, does not make it read the image', async () => {
  await serving.put('a.jpg', large);
  const digests = jest.spyOn(serving.catalog, 'digests');
  const headers = { 'If-Range': `"sha256-${sha256(large)}"` };
  await serving.get('/images/a.jpg', { ...headers, Range: 'bytes=0-4' }, { method: 'HEAD' });
  await serving.get('/images/a.jpg', headers);
  expect(digests).not.toHaveBeenCalled();
});

test('a part, and what is wrong with one', async () => {
  const bytes = await serving.put('a.jpg', large);
  const part = await serving.get('/images/a.jpg', { Range: 'bytes=1000000-2999999' });
  expect([part.status, part.headers['content-range']]).toEqual([206, 'bytes 1000000-2999999/3000000']);
  expect(part.body.equals(bytes.subarray(1_000_000))).toBe(true);
  const beyond = await serving.get('/images/a.jpg', { Range: 'bytes=3000000-' });
  expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */3000000']);
  // The digest was looked for since, so that the next part can be tied to it.
  await eventually(async () => {
    const { etag = '' } = (await serving.get('/images/a.jpg', {}, { method: 'HEAD' })).headers;
    return etag.startsWith('"sha256-');
  });
  const { etag = '' } = (await serving.get('/images/a.jpg', {}, { method: 'HEAD' })).headers;
  expect((await serving.get('/images/a.jpg', { Range: 'bytes=-5', 'If-Range': etag })).status).toBe(206);
  await writeFile(join(serving.folder, 'a.jpg'), 'other');
  const whole = await serving.get('/images/a.jpg', { Range: 'bytes=-5', 'If-Range': etag });
  expect([whole.status, whole.text]).toEqual([200, 'other']);
});

test('HEAD says what GET would, and nothing comes', async () => {
  await serving.put('a.png', large);
  await serving.get('/images/a.png');
  const [head, get] = [
    await serving.get('/images/a.png', {}, { method: 'HEAD' }),
    await serving.get('/images/a.png'),
  ];
  const date = expect.any(String) as string;
  expect(head.headers).toEqual({ ...get.headers, date });
  expect(head.body).toHaveLength(0);
});

test('only what names its digest may be kept for ever', async () => {
  const bytes = await serving.put('a.jpg', 'image');
  await serving.get('/images/a.jpg');
  const kept = async (query: string) => (await serving.get(`/images/a.jpg${query}`)).headers['cache-control'];
  expect(await kept('')).toBe('public, no-cache');
  expect(await kept(`?v=${sha256(bytes).slice(0, 12)}`)).toBe('public, max-age=31536000, immutable');
  expect(await kept(`?v=${sha256(bytes).slice(0, 3)}`)).toBe('public, no-cache');
  expect(await kept('?v=000000000000')).toBe('public, no-cache');
});

test.each([
  '/images/none.jpg',
  '/images/',
  '/images',
  '/images/../a.jpg',
  '/images/..%2fa.jpg',
  '/images/%2e%2e/a.jpg',
  '/images/folder',
  '/images//a.jpg',
  '/images/a.jpg/',
  '/images/.hidden.jpg',
  '/images/a.jpg%00',
  '/images/%2Fetc%2Fpasswd',
  '/nothing',
  '/healthz/more',
])('%s is not there', async (path) => {
  await serving.put('a.jpg', 'image');
  await serving.put('folder/b.jpg', 'image');
  await serving.put('.hidden.jpg', 'image');
  const { status, headers, text } = await serving.get(path);
  expect(status).toBe(404);
  expect(headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(text)).toMatchObject({ type: 'about:blank', status: 404, code: 'NOT_FOUND' });
});

test('an image that becomes shorter while it is sent ends the connection: no byte is made up', async () => {
  const bytes = Buffer.alloc(60_000_000, 'x');
  await serving.put('a.jpg', bytes);
  const socket = connect(serving.server.port, '127.0.0.1');
  socket.write('GET /images/a.jpg HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable');
  await truncate(join(serving.folder, 'a.jpg'), 1_000_000);
  let received = 0;
  for await (const part of socket) received += (part as Buffer).length;
  expect(received).toBeLessThan(60_000_000);
});

test('a client that goes away gives its buffers back', async () => {
  await serving.put('a.jpg', Buffer.alloc(60_000_000, 'x'));
  const [taken, given] = [
    jest.spyOn(BufferPool.prototype, 'take'),
    jest.spyOn(BufferPool.prototype, 'giveBack'),
  ];
  const socket = connect(serving.server.port, '127.0.0.1');
  socket.write('GET /images/a.jpg HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await eventually(() => taken.mock.calls.length > 1);
  socket.destroy();
  await eventually(() => taken.mock.calls.length === given.mock.calls.length);
  expect(new Set(given.mock.calls.map(([buffer]) => buffer)).size).toBeGreaterThan(0);
});

test('methods that nobody offers', async () => {
  await serving.put('a.jpg', 'image');
  for (const method of ['PUT', 'DELETE', 'POST', 'PATCH', 'PROPFIND'])
    expect(await serving.get('/images/a.jpg', {}, { method })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS' },
    });
  const options = await serving.get('/images/a.jpg', {}, { method: 'OPTIONS' });
  expect(options.headers).not.toHaveProperty('content-length');
  expect(options).toMatchObject({
    status: 204,
    headers: { allow: 'GET, HEAD, OPTIONS' },
  });
});
