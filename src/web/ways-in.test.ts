import { Gatekeeper, openTls, sessionCookie, type GatekeeperOptions, type TokenLine } from '../access';
import { certificatePath, identity, keyPath } from '../access/fixtures/certificate';
import { WebServing } from './fixtures/web-serving';
import { ROUTES } from './routes';

const TOKEN = 'a-token-of-enough-characters';
const NARROW = 'another-token-that-may-read-little';

/**
 * Every way in. A route that this table does not know fails the test at the end of the file. `about` names an image; `all`
 * is answered according to what may be read; `nothing` tells nothing of the images; `open` needs no token.
 */
const WAYS_IN: Record<string, { asks: 'about' | 'all' | 'nothing' | 'open'; paths: readonly string[] }> = {
  '': { asks: 'all', paths: ['/'] },
  browse: { asks: 'all', paths: ['/browse/', '/browse/secret/', '/browse/none/'] },
  images: { asks: 'about', paths: ['/images/secret/a.jpg'] },
  renditions: { asks: 'about', paths: ['/renditions/secret/a.jpg?w=320'] },
  api: {
    asks: 'all',
    paths: [
      '/api/images',
      '/api/images?glob=secret/**',
      '/api/folder',
      '/api/folder?path=secret',
      '/api/folders',
      '/api/folders?path=secret',
      '/api/image?name=secret/a.jpg',
      '/api/grid?deep=1',
      '/api/grid?deep=1&q=secret',
      '/api/window?deep=1',
      '/api/changes?unless=none',
      '/api/changes',
      '/api/none',
    ],
  },
  assets: { asks: 'open', paths: ['/assets/none'] },
  login: { asks: 'open', paths: ['/login'] },
  session: { asks: 'open', paths: ['/session'] },
  logout: { asks: 'open', paths: ['/logout'] },
  healthz: { asks: 'open', paths: ['/healthz'] },
  readyz: { asks: 'open', paths: ['/readyz'] },
  metrics: { asks: 'nothing', paths: ['/metrics'] },
  'robots.txt': { asks: 'open', paths: ['/robots.txt'] },
};
const PATHS = Object.values(WAYS_IN).flatMap(({ asks, paths }) => paths.map((path) => [path, asks] as const));
const RESTRICTED = PATHS.filter(([, asks]) => asks !== 'open');

let serving: WebServing | undefined;
let tokens: readonly TokenLine[];
beforeEach(() => {
  tokens = [
    { name: 'lab1', token: TOKEN, prefixes: undefined },
    { name: 'lab2', token: NARROW, prefixes: ['open'] },
  ];
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
});

async function serve(options: GatekeeperOptions, clientCa?: string): Promise<WebServing> {
  const files = { cert: certificatePath('server'), key: keyPath('server'), clientCa };
  const tls = clientCa === undefined ? undefined : openTls(files, () => undefined);
  const material = tls && (() => tls.value);
  serving = await WebServing.start({ gatekeeper: new Gatekeeper(options), tls: material });
  await serving.put('secret/a.jpg', 'secret');
  await serving.put('open/b.jpg', 'open');
  return serving;
}

const byToken = () => serve({ tokens: () => tokens });
const byCertificate = () => serve({ needsCertificate: true }, certificatePath('ca'));
const byBoth = () => serve({ needsCertificate: true, tokens: () => tokens }, certificatePath('ca'));
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
/** As from another machine: nobody has said to trust the proxy. */
const fromElsewhere = { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'https' };

type Headers = Record<string, string>;
type Certificate = Parameters<typeof identity>[0] | undefined;

const REFUSALS: [string, () => Promise<WebServing>, () => Headers, Certificate?][] = [
  ['no token', byToken, () => ({})],
  ['a token that is not known', byToken, () => bearer('b-token-of-enough-characters')],
  ['a token that is a little shorter', byToken, () => bearer(TOKEN.slice(0, -1))],
  ['an empty token', byToken, () => bearer('')],
  ['a token in another scheme', byToken, () => ({ Authorization: `Basic ${btoa(`x:${TOKEN}`)}` })],
  ['a token from elsewhere without TLS', byToken, () => ({ ...bearer(TOKEN), ...fromElsewhere })],
  ['a cookie that is made up', byToken, () => cookie('lab1|9999999999|AAAA')],
  [
    'a cookie of a token that is not known',
    byToken,
    () => cookie(sessionCookie({ name: 'lab1', token: 'x' })),
  ],
  ['a cookie that is over', byToken, () => cookie(sessionCookie({ name: 'lab1', token: TOKEN }, 0))],
  ['a cookie of another port', byToken, () => cookie(sessionCookie({ name: 'lab1', token: TOKEN }), 1)],
  ['no certificate', byCertificate, () => ({})],
  ['a certificate of a stranger', byCertificate, () => ({}), 'stranger-client'],
  ['a token instead of a certificate', byBoth, () => bearer(TOKEN)],
  ['a certificate instead of a token', byBoth, () => ({}), 'client'],
];

function cookie(value: string, port = serving!.server.port): Headers {
  return { Cookie: `reso-${port}=${value}` };
}

async function ask(path: string, headers: Headers, certificate?: Certificate, method = 'GET') {
  const options = certificate === undefined ? {} : (identity(certificate) as object);
  return serving!.get(path, headers, { method, ...options });
}

describe.each(REFUSALS)('with %s: 401', (_why, serve, headers, certificate) => {
  test('on every path that needs a token, and nothing about images', async () => {
    await serve();
    for (const [path] of RESTRICTED)
      for (const method of ['GET', 'HEAD']) {
        const { status, text, headers: told } = await ask(path, headers(), certificate, method);
        expect([path, method, status]).toEqual([path, method, 401]);
        expect(text).not.toMatch(/a\.jpg|b\.jpg|open\//);
        expect(told).not.toHaveProperty('etag');
      }
  });
});

test('with what is good: an answer', async () => {
  await byToken();
  const good = [bearer(TOKEN), cookie(sessionCookie({ name: 'lab1', token: TOKEN }))];
  for (const headers of good)
    for (const [path] of RESTRICTED) expect((await ask(path, headers)).status).not.toBe(401);
  await serving!.stop();
  await byBoth();
  for (const [path] of RESTRICTED) expect((await ask(path, bearer(TOKEN), 'client')).status).not.toBe(401);
});

test('a token that may read little sees nothing of the rest, on any path', async () => {
  await byToken();
  for (const [path, asks] of RESTRICTED) {
    const { status, text } = await ask(path, bearer(NARROW));
    // What the request itself names is not told.
    expect([path, text.replaceAll(path, '')]).toEqual([path, expect.not.stringContaining('a.jpg')]);
    if (asks === 'about') expect([path, status]).toEqual([path, 403]);
  }
  expect((await ask('/api/grid?deep=1', bearer(NARROW))).body).toHaveLength(2);
  expect((await ask('/api/grid?deep=1', bearer(TOKEN))).body).toHaveLength(4);
});

test.each(['/images/secret/', '/renditions/secret/', '/api/image?name=secret/'])(
  'whether there is an image makes no difference: %s',
  async (path) => {
    await byToken();
    const rendition = path.startsWith('/renditions') ? '?w=320' : '';
    const [there, missing] = [
      await ask(`${path}a.jpg${rendition}`, bearer(NARROW)),
      await ask(`${path}none.jpg${rendition}`, bearer(NARROW)),
    ];
    expect([there.status, there.text]).toEqual([403, missing.text]);
  },
);

test('a token that is taken out of the file ends its sessions', async () => {
  await byToken();
  const headers = cookie(sessionCookie({ name: 'lab1', token: TOKEN }));
  expect((await ask('/images/secret/a.jpg', headers)).status).toBe(200);
  tokens = tokens.slice(1);
  for (const [path] of RESTRICTED) expect([path, (await ask(path, headers)).status]).toEqual([path, 401]);
  tokens = [{ name: 'lab1', token: 'a-new-token-of-the-same-name', prefixes: undefined }];
  for (const [path] of RESTRICTED) expect([path, (await ask(path, headers)).status]).toEqual([path, 401]);
});

test('a name that is not the server’s is refused on every path, whatever the token', async () => {
  await byToken();
  // The style of the page that says so is the same everywhere, and tells nothing.
  for (const [path] of [...PATHS.filter(([path]) => !path.startsWith('/assets/')), ['/nothing']] as const) {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      const { status } = await ask(path, { ...bearer(TOKEN), Host: 'evil.example' }, undefined, method);
      expect([path, method, status]).toEqual([path, method, 421]);
    }
  }
});

test('who may read it or not, every answer tells browsers not to guess, embed or frame', async () => {
  await byToken();
  for (const [path] of [...PATHS, ['/nothing'], ['/images/open/b.jpg']])
    for (const headers of [{}, bearer(TOKEN), { Host: 'evil.example' }] as Headers[]) {
      const { headers: told } = await ask(path, headers);
      expect(told).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      });
    }
});

test('every route is in the table', () => {
  expect(Object.keys(WAYS_IN).sort()).toEqual([...ROUTES.keys()].sort());
});
