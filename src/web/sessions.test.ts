import { copyFile, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { Gatekeeper, openTls, type TokenLine } from '../access';
import { certificatePath, keyPath } from '../access/fixtures/certificate';
import type { WebOptions } from '.';
import { WebServing } from './fixtures/web-serving';

const TOKEN = 'a-token-of-enough-characters';
const tokens: readonly TokenLine[] = [{ name: 'lab', token: TOKEN, prefixes: undefined }];
const PAGE = { Accept: 'text/html' };

let serving: WebServing;
afterEach(() => serving.stop());

async function start(options: Partial<WebOptions> = {}): Promise<void> {
  serving = await WebServing.start({ gatekeeper: new Gatekeeper({ tokens: () => tokens }), ...options });
}

const wrong = async (from?: string) =>
  (
    await serving.post(
      '/session',
      { token: 'wrong' },
      from === undefined ? {} : { 'X-Forwarded-For': from, 'X-Forwarded-Proto': 'https' },
    )
  ).status;

test('tokens can’t be tried out many at a time either', async () => {
  await start();
  const statuses = await Promise.all(Array.from({ length: 40 }, () => wrong()));
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
});

test('behind a trusted proxy each visitor has attempts of their own, and what they say of themselves counts for nothing', async () => {
  await start({ trustProxy: ['127.0.0.0/8', '10.0.0.0/8'] });
  for (let i = 0; i < 10; i++) expect(await wrong(`198.51.100.${i}, 192.0.2.1, 10.0.0.7`)).toBe(401);
  expect(await wrong('192.0.2.1')).toBe(429);
  expect(await wrong('192.0.2.2')).toBe(401);
});

test('a network of IPv6 is one visitor', async () => {
  await start({ trustProxy: ['127.0.0.1'] });
  for (let i = 0; i < 10; i++) expect(await wrong(`2001:db8::${i}`)).toBe(401);
  expect(await wrong('2001:db8:0:0:1:2:3:4')).toBe(429);
  expect(await wrong('2001:db8:0:1::1')).toBe(401);
});

test('a form of a megabyte is refused, with an answer', async () => {
  await start();
  const { status } = await serving.post('/session', { token: 'x'.repeat(1_000_000) });
  expect(status).toBe(413);
});

test.each([
  ['/browse/a/?after=b', undefined, '/browse/a/?after=b'],
  ['/login', undefined, '/'],
  ['/login', 'http://server/photos', '/photos/'],
  ['/browse/a/', 'http://server/photos', '/photos/browse/a/'],
  ['/photos/browse/a/', 'http://server/photos', '/photos/browse/a/'],
])('%s with %s: a login leads back to %s', async (path, baseUrl, expected) => {
  await start({ baseUrl });
  const { text } = await serving.get(path, PAGE);
  expect(text).toContain(`name="to" value="${expected}"`);
});

test.each([
  [{ baseUrl: 'nas.example.org' }, 'baseUrl'],
  [{ allowHosts: ['a b'] }, 'allowHosts'],
  [{ trustProxy: ['nas'] }, 'trustProxy'],
  [{ cors: 'viewer.example' }, 'cors'],
  [{ cors: 'https://a.example,https://b.example' }, 'cors'],
  [{ cors: 'https://a.example/path' }, 'cors'],
  [{ cors: 'null' }, 'cors'],
])('%j makes no sense', async (options, word) => {
  await expect(WebServing.start(options)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(word) as string,
  });
  await start();
});

test('a host that is allowed may be given with its port', async () => {
  await start({ allowHosts: ['Photos.example.org:8080'] });
  expect((await serving.get('/healthz', { Host: 'photos.example.org' })).status).toBe(200);
});

test('a certificate that is replaced counts for the next connection', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reso-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const install = async (name: string) => {
    await copyFile(certificatePath(name), files.cert);
    await copyFile(keyPath(name), files.key);
    await utimes(files.cert, new Date(), new Date());
  };
  await install('server');
  const material = openTls(files, () => undefined);
  await start({ tls: () => (material.lookAgain(), material.value) });
  const shown = async () => {
    const socket: TLSSocket = connectTls({
      port: serving.server.port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const before = await shown();
  await install('stranger');
  expect(await shown()).not.toBe(before);
  await rm(folder, { recursive: true });
});
