import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Gatekeeper } from '../access';
import { openCatalog } from '../catalog';
import { openRenderer, type Renderer } from '../rendering';
import { buildChild } from '../rendering/fixtures/built-child';
import { openFolder } from '../stores';
import { WebServing } from './fixtures/web-serving';

const work = mkdtempSync(join(tmpdir(), 'reso-tiles-'));
let renderer: Renderer;
let serving: WebServing;

beforeAll(async () => {
  const cache = join(work, 'cache');
  renderer = (await openRenderer({ program: buildChild(work), cache, children: 2 }))!;
  const folder = mkdtempSync(join(work, 'images-'));
  const store = await openFolder(folder);
  const catalog = await openCatalog({
    store,
    findFacts: (open) =>
      renderer.facts(async () => {
        const image = await open();
        const source = { path: image.path!, size: image.size };
        return { source, isUnchanged: () => image.isUnchanged(), close: () => image.close() };
      }),
  });
  serving = await WebServing.over(folder, catalog, { renderer: Promise.resolve(renderer) });
  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#c03010' } });
  await serving.put('small/a.jpg', await plain(1201, 701).withMetadata({ orientation: 6 }).jpeg().toBuffer());
  await serving.put('large.jpg', await plain(5001, 4001).jpeg().toBuffer());
  await serving.put('garbage.jpg', 'no image at all');
});
afterAll(async () => {
  await serving.stop();
  await renderer.close();
  rmSync(work, { recursive: true });
});

test.each([
  ['small/a.jpg', 's=1&x=0&y=0', 512, 512],
  ['small/a.jpg', 's=1&x=1&y=2', 189, 177],
  ['small/a.jpg', 's=2&x=0&y=1', 351, 89],
  ['small%2Fa.jpg', 's=4&x=0&y=0', 176, 301],
  ['small/a.jpg', 's=2048&x=0&y=0', 1, 1],
  ['large.jpg', 's=1&x=9&y=7', 393, 417],
  ['large.jpg', 's=8&x=1&y=0', 114, 501],
])('%s?%s has %i × %i pixels', async (name, query, width, height) => {
  for (const format of ['webp', 'jpeg'] as const) {
    const { status, body, headers } = await serving.get(`/tiles/${name}?${query}&f=${format}`);
    expect([status, headers['content-type']]).toEqual([200, `image/${format}`]);
    expect(await sharp(body).metadata()).toMatchObject({ format, width, height });
  }
});

test.each([
  ['s=1&x=2&y=0', 404],
  ['s=1&x=0&y=3', 404],
  ['s=4096&x=0&y=0', 404],
  ['s=3&x=0&y=0', 400],
  ['s=0&x=0&y=0', 400],
  ['s=1&x=-1&y=0', 400],
  ['s=1&x=1e3&y=0', 400],
  ['s=1&y=0', 400],
  ['x=0&y=0&f=png', 400],
])('?%s: %i', async (query, status) => {
  const answer = await serving.get(`/tiles/small/a.jpg?${query}`);
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
});

test('an image that is none, and one that is not there', async () => {
  const garbage = await serving.get('/tiles/garbage.jpg?s=1&x=0&y=0');
  expect([garbage.status, JSON.parse(garbage.text)]).toEqual([
    422,
    expect.objectContaining({ code: 'NOT_RENDERABLE' }),
  ]);
  expect((await serving.get('/tiles/none.jpg?s=1&x=0&y=0')).status).toBe(404);
});

test('caching and conditions, as of a rendition', async () => {
  const path = '/tiles/small/a.jpg?s=2&x=0&y=0';
  const { headers } = await serving.get(path);
  expect(headers.etag).toMatch(/^W\/"[0-9a-f]{32}-t2-0-0-webp"$/);
  expect(headers['cache-control']).toBe('public, no-cache');
  const { sha256 } = JSON.parse((await serving.get('/api/image?name=small/a.jpg')).text) as {
    sha256: string;
  };
  const pinned = await serving.get(`${path}&v=${sha256.slice(0, 12)}`);
  expect(pinned.headers['cache-control']).toMatch(/immutable/);
  expect((await serving.get(path, { 'If-None-Match': headers.etag! })).status).toBe(304);
  expect((await serving.get(path, { 'If-Match': '"other"' })).status).toBe(412);
  const other = await serving.get('/tiles/small/a.jpg?s=2&x=0&y=1', { 'If-None-Match': headers.etag! });
  expect(other.status).toBe(200);
  const head = await serving.get(path, {}, { method: 'HEAD' });
  expect([head.status, head.body.length]).toEqual([200, 0]);
});

test('a token limited to a folder', async () => {
  const { folder, catalog } = serving;
  const tokens = [{ name: 'lab', token: 'a-token-of-enough-characters', prefixes: ['small'] }];
  const gatekeeper = new Gatekeeper({ tokens: () => tokens });
  const closed = await WebServing.over(folder, catalog, { gatekeeper, renderer: Promise.resolve(renderer) });
  const headers = { Authorization: 'Bearer a-token-of-enough-characters' };
  const tile = (name: string) => closed.get(`/tiles/${name}?s=8&x=0&y=0`, headers);
  expect((await tile('small/a.jpg')).status).toBe(200);
  expect((await tile('small/a.jpg')).headers['cache-control']).toMatch(/^private/);
  expect((await tile('large.jpg')).status).toBe(403);
  await closed.server.close(0);
});

test('without a renderer: 501', async () => {
  const bare = await WebServing.start();
  await bare.put('a.jpg', 'x');
  expect((await bare.get('/tiles/a.jpg?s=1&x=0&y=0')).status).toBe(501);
  await bare.stop();
});
