import { Gatekeeper, openTls, type TokenLine } from '../access';
import { certificatePath, identity, keyPath } from '../access/fixtures/certificate';
import type { WebOptions } from '.';
import { WebServing } from './fixtures/web-serving';

const LAB = 'lab-token-of-enough-characters';
const ALL = 'all-token-of-enough-characters';
const tokens: readonly TokenLine[] = [
  { name: 'lab', token: LAB, prefixes: ['a'] },
  { name: 'all', token: ALL, prefixes: undefined },
];
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const PAGE = { Accept: 'text/html' };

let serving: WebServing;
afterEach(() => serving.stop());

async function start(options: Partial<WebOptions> = {}): Promise<void> {
  serving = await WebServing.start({ gatekeeper: new Gatekeeper({ tokens: () => tokens }), ...options });
  await serving.put('a/one.jpg', 'image');
  await serving.put('b/two.jpg', 'image');
}

const RESTRICTED = [
  '/',
  '/browse/a/',
  '/images/a/one.jpg',
  '/images/none.jpg',
  '/renditions/a/one.jpg?w=320',
  '/api/images',
  '/api/folder',
  '/metrics',
];

test.each(RESTRICTED)('%s needs a token that is good', async (path) => {
  await start();
  const cookie = { Cookie: `reso-${serving.server.port}=lab|9|x` };
  const refused: Record<string, string>[] = [{}, bearer('wrong'), bearer(`${LAB}x`), cookie];
  for (const headers of refused) {
    const answer = await serving.get(path, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.text).not.toContain('one.jpg');
  }
  expect((await serving.get(path, bearer(ALL))).status).not.toBe(401);
});

test.each(['/healthz', '/readyz', '/robots.txt', '/login'])('%s does not', async (path) => {
  await start();
  expect((await serving.get(path)).status).toBe(200);
});

test('who may read a part sees nothing of the rest', async () => {
  await start();
  const seen = await Promise.all(
    ['/', '/api/images', '/api/folder', '/api/folder?path=b', '/browse/b/', '/browse/none/'].map(
      async (path) => {
        const { status, text } = await serving.get(path, bearer(LAB));
        return { path, status, text };
      },
    ),
  );
  for (const { text } of seen) expect(text).not.toMatch(/two\.jpg|"b"|>b\//);
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 404]);
  const [there, missing] = [
    await serving.get('/images/b/two.jpg', bearer(LAB)),
    await serving.get('/images/b/none.jpg', bearer(LAB)),
  ];
  expect(there.status).toBe(403);
  expect(there.text).toBe(missing.text);
  expect((await serving.get('/renditions/b/two.jpg?w=320', bearer(LAB))).status).toBe(403);
  expect((await serving.get('/images/a/one.jpg', bearer(LAB))).text).toBe('image');
});

test('nobody else may keep what needs a token', async () => {
  await start();
  const { headers } = await serving.get('/images/a/one.jpg', bearer(LAB));
  expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'Cookie, Authorization' });
});

test('a person logs in, and out', async () => {
  await start();
  const asked = await serving.get('/browse/a/', PAGE);
  expect([asked.status, asked.text]).toEqual([401, expect.stringContaining('name="to" value="/browse/a/"')]);
  expect(asked.headers['www-authenticate']).toMatch(/^Bearer/);
  const wrong = await serving.post('/session', { token: 'wrong', to: '/browse/a/' });
  expect([wrong.status, wrong.headers['set-cookie']]).toEqual([401, undefined]);
  const right = await serving.post('/session', { token: ` ${LAB} `, to: '/browse/a/' });
  expect([right.status, right.headers.location]).toEqual([303, '/browse/a/']);
  const [set = ''] = right.headers['set-cookie'] ?? [];
  expect(set).toMatch(new RegExp(`^reso-${serving.server.port}=lab\\|.*; HttpOnly; SameSite=Lax$`));
  expect(set).not.toContain(LAB);
  const Cookie = set.split(';')[0]!;
  const page = await serving.get('/browse/a/', { ...PAGE, Cookie });
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('one.jpg')]);
  // As a form of another site would come.
  expect((await serving.post('/logout', {})).headers['set-cookie']).toBeUndefined();
  const out = await serving.post('/logout', {}, { Cookie });
  expect([out.status, out.headers['set-cookie']]).toEqual([303, [expect.stringContaining('Max-Age=0')]]);
});

test.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', ''])(
  'a login leads to no other website: %j',
  async (to) => {
    await start();
    const { status, headers } = await serving.post('/session', { token: ALL, to });
    expect(status === 400 || headers.location === '/').toBe(true);
  },
);

test('forms of other websites are refused, and long or odd ones', async () => {
  await start();
  const form = { token: ALL, to: '/' };
  expect((await serving.post('/session', form, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect((await serving.post('/logout', {}, { 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
  expect((await serving.post('/session', form, { 'Content-Type': 'text/plain' })).status).toBe(415);
  expect((await serving.post('/session', { token: 'x'.repeat(10_000) })).status).toBe(413);
});

test('tokens can’t be tried out', async () => {
  await start();
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++)
    statuses.push((await serving.post('/session', { token: `wrong ${i}` })).status);
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
});

test('a proxy that nobody trusts makes nobody local, and one that is trusted may say https', async () => {
  await start();
  const forwarded = { ...bearer(ALL), 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'https' };
  expect((await serving.get('/api/images', forwarded)).status).toBe(401);
  expect((await serving.get('/', { ...forwarded, ...PAGE })).text).toContain('--trust-proxy');
  await serving.stop();
  await start({ trustProxy: ['127.0.0.0/8'] });
  expect((await serving.get('/api/images', forwarded)).status).toBe(200);
  expect((await serving.get('/api/images', { ...forwarded, 'X-Forwarded-Proto': 'http' })).status).toBe(401);
  const { headers } = await serving.post('/session', { token: ALL }, forwarded);
  expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-reso-.*; Secure$/)]);
});

test('over TLS, and with a certificate where one is asked for', async () => {
  const files = { cert: certificatePath('server'), key: keyPath('server'), clientCa: certificatePath('ca') };
  const material = openTls(files, () => undefined);
  const gatekeeper = new Gatekeeper({ needsCertificate: true });
  await start({ gatekeeper, tls: () => material.value });
  expect(serving.server.scheme).toBe('https');
  expect((await serving.get('/images/a/one.jpg')).status).toBe(401);
  expect((await serving.get('/images/a/one.jpg', {}, identity('client') as object)).text).toBe('image');
});

test('a name that is not the server’s is refused on every path, and the page says what to set', async () => {
  await start({ gatekeeper: new Gatekeeper(), allowHosts: ['photos.example.org'] });
  for (const path of [...RESTRICTED, '/healthz', '/login', '/session']) {
    const { status, text } = await serving.get(path, { Host: 'evil.example' });
    expect([status, text]).toEqual([421, expect.not.stringContaining('one.jpg')]);
  }
  const page = await serving.get('/', { Host: 'nas.example.org:8080', ...PAGE });
  expect([page.status, page.text]).toEqual([421, expect.stringContaining('--allow-host nas.example.org')]);
  expect((await serving.get('/', { Host: 'photos.example.org' })).status).toBe(200);
});

test('other origins read nothing, unless they are let', async () => {
  await start({ gatekeeper: new Gatekeeper() });
  const origin = { Origin: 'https://viewer.example' };
  expect((await serving.get('/images/a/one.jpg', origin)).headers).not.toHaveProperty(
    'access-control-allow-origin',
  );
  await serving.stop();
  await start({ gatekeeper: new Gatekeeper(), cors: '*' });
  const open = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
  expect((await serving.get('/images/a/one.jpg', origin)).headers).toMatchObject(open);
  expect((await serving.get('/images/none.jpg', origin)).headers).toMatchObject(open);
  expect((await serving.get('/images/a/one.jpg', origin, { method: 'OPTIONS' })).headers).toMatchObject(open);
  const asked = await serving.get('/images/a/one.jpg', origin, { method: 'OPTIONS' });
  expect(asked.headers['access-control-allow-headers']).toMatch(/\bIf-Modified-Since, If-Unmodified-Since$/);
  expect((await serving.get('/api/images', origin)).headers).not.toHaveProperty(
    'access-control-allow-origin',
  );
});

test('one origin may be let, also as it is copied from an address bar', async () => {
  await start({ gatekeeper: new Gatekeeper(), cors: 'https://viewer.example/' });
  expect((await serving.get('/images/a/one.jpg')).headers).toMatchObject({
    'access-control-allow-origin': 'https://viewer.example',
  });
});

test('of an image without a name there are no facts', async () => {
  await start({ gatekeeper: new Gatekeeper() });
  expect((await serving.get('/api/image')).status).toBe(400);
});

test.each(['/\u5c71', '/a b', '/\r\nX: y', '/\\other'])('a login that leads to %j is refused', async (to) => {
  await start();
  expect((await serving.post('/session', { token: LAB, to })).status).toBe(400);
});
