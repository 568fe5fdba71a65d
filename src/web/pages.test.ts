import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCatalog, type FindFacts } from '../catalog';
import type { Facts } from '../facts';
import type { Renderer } from '../rendering';
import { openFolder } from '../stores';
import { GALLERY, STYLE_NAME } from './assets';
import { WebServing } from './fixtures/web-serving';

let serving: WebServing;
afterEach(() => serving.stop());

test('a name that is markup stays text', async () => {
  serving = await WebServing.start({ title: '<b>"Holidays"</b>' });
  await serving.put(`<script>alert(1)</script>/'"><img onerror=x>.jpg`, 'image');
  await serving.put('\u202egpj.exe.jpg', 'image');
  const root = await serving.get('/');
  expect(root.text).not.toMatch(/<script(?! type="module" src="\/assets\/gallery-)|<b>|\u202e/);
  expect(root.text).toContain('&lt;b&gt;');
  const folder = await serving.get('/browse/%3Cscript%3Ealert(1)%3C/script%3E/');
  expect(folder.status).toBe(200);
  expect(folder.text).not.toMatch(/<img onerror|<script>/);
});

test('each link of a page leads somewhere', async () => {
  serving = await WebServing.start();
  for (const name of ['a & b/c%d/e?f#g.jpg', 'a & b/ü.jpg', 'z.png']) await serving.put(name, 'image');
  const seen = new Set<string>();
  const left = ['/'];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { status, text, headers } = await serving.get(path);
    expect([path, status]).toEqual([path, 200]);
    if (!String(headers['content-type']).startsWith('text/html')) continue;
    for (const [, href] of text.matchAll(/ href="(\/[^"]*)"/g)) left.push(href!.replaceAll('&amp;', '&'));
  }
  expect([...seen].filter((path) => path.startsWith('/images/'))).toHaveLength(3);
});

test('below a path of a proxy', async () => {
  serving = await WebServing.start({ baseUrl: 'https://nas.example.org/photos/' });
  await serving.put('a/b.jpg', 'image');
  for (const path of ['/photos/', '/']) {
    const { text } = await serving.get(path, { Host: 'nas.example.org' });
    expect(text).toContain('href="/photos/browse/a/"');
    expect(text).not.toMatch(/(?:href|src|action)="\/(?!photos\/)/);
  }
  expect((await serving.get('/photos/images/a/b.jpg')).text).toBe('image');
});

test('a folder of many images comes in pages', async () => {
  serving = await WebServing.start();
  const names = Array.from({ length: 450 }, (_, i) => `many/${String(i).padStart(4, '0')}.jpg`);
  await Promise.all(names.map((name) => serving.put(name, 'image')));
  const seen: string[] = [];
  let query = '';
  do {
    const { text } = await serving.get(`/browse/many/${query}`);
    seen.push(...[...text.matchAll(/href="\/images\/([^"]*)"/g)].map(([, name]) => name!));
    query = /rel="next" href="([^"]*)"/.exec(text)?.[1] ?? '';
  } while (query !== '');
  expect(seen).toEqual(names);
});

test('what is known not to have a thumbnail shows its format, and asks for none', async () => {
  const names = ['a.jpg', 'b.jpg', 'none.'];
  const facts: readonly Facts[] = [
    { format: 'jpeg', canRender: true },
    { format: 'heic', canRender: false },
    { format: 'unknown', canRender: false },
  ];
  // Each file is larger than the one before.
  const findFacts: FindFacts = async (open) => {
    const image = await open();
    await image.close();
    return facts[image.size - 7]!;
  };
  const folder = await mkdtemp(join(tmpdir(), 'reso-pages-'));
  for (const [i, name] of names.entries()) await writeFile(join(folder, name), 'GIF89a'.padEnd(7 + i));
  const catalog = await openCatalog({ store: await openFolder(folder), findFacts });
  const renderer = Promise.resolve({} as Renderer);
  serving = await WebServing.over(folder, catalog, { renderer });
  await serving.get('/api/images');
  const { text } = await serving.get('/');
  expect([...text.matchAll(/<img src="([^?]*)[^>]* alt="([^"]*)"/g)].map((found) => found.slice(1))).toEqual([
    ['/renditions/a.jpg', 'JPEG'],
  ]);
  expect([...text.matchAll(/<span class="tile">([^<]*)</g)].map(([, format]) => format)).toEqual([
    'HEIC',
    'FILE',
  ]);
});

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip;q=1.0, BR;q=0.001', 'br'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['br; q=0.000, gzip; q=0', undefined],
  ['identity', undefined],
  ['x-br, gzip-like', undefined],
  ['', undefined],
])('a file that pages load, to who accepts %j: %s', async (accepted, encoding) => {
  serving = await WebServing.start();
  const { status, headers } = await serving.get(`/assets/${STYLE_NAME}`, { 'Accept-Encoding': accepted });
  expect([status, headers['content-encoding'], headers.vary]).toEqual([200, encoding, 'Accept-Encoding']);
});

test('an empty folder says so, and one without its slash is led to the page', async () => {
  serving = await WebServing.start();
  expect((await serving.get('/')).text).toContain('No images yet');
  await serving.put('a/b.jpg', 'image');
  expect(await serving.get('/browse/a')).toMatchObject({ status: 308, headers: { location: '/browse/a/' } });
});

/** Without a build there is no gallery, and nothing to be tested of it. */
const withGallery = GALLERY ? test : test.skip;

withGallery('the page tells the gallery where the protocol is', async () => {
  serving = await WebServing.start({ protocolPort: 6000 });
  expect((await serving.get('/')).text).toMatch(/<body [^>]*data-port="6000">/);
});

withGallery('where scripts run, the page leaves its thumbnails to the gallery', async () => {
  const renderer = { render: () => Promise.reject(new Error('not asked')) } as unknown as Renderer;
  serving = await WebServing.start({ renderer: Promise.resolve(renderer) });
  await serving.put('a.jpg', 'image');
  expect((await serving.get('/')).text).toMatch(/<noscript><img [^>]*><\/noscript>/);
});

withGallery('a worker may load images from its own server, and run WebAssembly', async () => {
  serving = await WebServing.start();
  const { headers } = await serving.get(`/assets/${GALLERY!.hashWorker}`);
  expect(headers['content-security-policy']).toMatch(
    /script-src 'self' 'wasm-unsafe-eval';.*connect-src 'self'/,
  );
});

test.each([
  ['/', 421, '--allow-host nas.example.org'],
  ['/login', 200, 'token'],
])('%s as a page that has only something to say', async (path, status, text) => {
  serving = await WebServing.start();
  const Host = status === 421 ? 'nas.example.org' : 'localhost';
  const page = await serving.get(path, { Host, Accept: 'text/html' });
  expect(page.status).toBe(status);
  expect(page.text).toMatch(/<main class="notice">[^]*<\/main>/);
  expect(page.text).toContain(text);
  const [, style = ''] = /rel="stylesheet" href="([^"]*)"/.exec(page.text) ?? [];
  expect((await serving.get(style, { Host })).headers['content-type']).toBe('text/css; charset=utf-8');
});

test('a folder that is not there is a page for people, and an error for programs', async () => {
  serving = await WebServing.start();
  const page = await serving.get('/browse/none/', { Accept: 'text/html' });
  expect([page.status, page.text]).toEqual([404, expect.stringContaining('The folder has no images')]);
  const { status, headers } = await serving.get('/browse/none/');
  expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
});
