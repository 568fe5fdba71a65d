import { EVERYTHING } from '../../access';
import { openCatalog, type FindFacts } from '../../catalog';
import { openFolder } from '../../stores';
import { WebServing } from '../fixtures/web-serving';
import { GridCache } from './grid-cache';

let serving: WebServing;
afterEach(() => serving.stop());

const IMAGES: Readonly<Record<string, number>> = {
  'a.jpg': 30,
  'B.png': 10,
  'sub/Übung.jpg': 20,
  'sub/deep/c.jpg': 40,
};

/** Sizes stand for widths: an image of 30 bytes is 30 by 10. */
async function start(): Promise<void> {
  serving = await WebServing.start();
  for (const [name, size] of Object.entries(IMAGES)) await serving.put(name, Buffer.alloc(size, 'x'));
}

interface View {
  readonly generation: string;
  readonly ratios: readonly number[];
  readonly names: readonly string[];
}

async function view(query: string): Promise<View> {
  const { body, headers } = await serving.get(`/api/grid?${query}`);
  const generation = String(headers['x-reso-generation']);
  const ratios = Array.from({ length: body.length / 2 }, (_, i) => body.readUInt16LE(2 * i));
  const window = await serving.get(`/api/window?${query}&generation=${generation}&from=0&count=500`);
  const { images, total } = JSON.parse(window.text) as { images: { name: string }[]; total: number };
  expect(total).toBe(ratios.length);
  return { generation, ratios, names: images.map(({ name }) => name) };
}

test.each([
  ['', ['B.png', 'a.jpg']],
  ['deep=1', ['B.png', 'a.jpg', 'sub/deep/c.jpg', 'sub/Übung.jpg']],
  ['path=sub', ['sub/Übung.jpg']],
  ['path=sub/&deep=1', ['sub/deep/c.jpg', 'sub/Übung.jpg']],
  ['deep=1&sort=size', ['B.png', 'sub/Übung.jpg', 'a.jpg', 'sub/deep/c.jpg']],
  ['deep=1&sort=size&desc=1', ['sub/deep/c.jpg', 'a.jpg', 'sub/Übung.jpg', 'B.png']],
  ['desc=1', ['a.jpg', 'B.png']],
  ['deep=1&q=u%CC%88BUNG', ['sub/Übung.jpg']],
  ['deep=1&q=jpg%20sub', ['sub/deep/c.jpg', 'sub/Übung.jpg']],
  ['deep=1&q=**/c.*', ['sub/deep/c.jpg']],
  ['deep=1&q=nothing', []],
])('%s shows %j', async (query, names) => {
  await start();
  expect((await view(query)).names).toEqual(names);
});

test('a window of an older generation is refused', async () => {
  await start();
  const { generation } = await view('');
  await serving.put('new.jpg', 'image');
  expect((await view('')).names).toEqual(['B.png', 'a.jpg', 'new.jpg']);
  const { status } = await serving.get(`/api/window?generation=${generation}&from=0`);
  expect(status).toBe(409);
});

test('the places and names of images in a view', async () => {
  await start();
  const query = 'deep=1&sort=size';
  const { generation, names } = await view(query);
  const ask = async (call: string) => JSON.parse((await serving.get(`/api/${call}`)).text) as object;
  const inView = `${query}&generation=${generation}`;
  expect(await ask(`places?${inView}&name=a.jpg&name=none.jpg&name=B.png`)).toEqual({
    total: 4,
    places: [2, null, 0],
  });
  expect(await ask(`names?${inView}&from=1&count=2`)).toEqual({
    from: 1,
    total: 4,
    names: names.slice(1, 3),
  });
  for (const call of ['places', 'names'])
    expect((await serving.get(`/api/${call}?${query}&generation=old`)).status).toBe(409);
});

test('a window opens no image', async () => {
  await start();
  const { generation } = await view('');
  const opened = jest.spyOn(serving.catalog, 'stat');
  const { text } = await serving.get(`/api/window?generation=${generation}`);
  expect(JSON.parse(text)).toMatchObject({
    images: [
      { name: 'B.png', size: 10 },
      { name: 'a.jpg', size: 30 },
    ],
  });
  expect(opened).not.toHaveBeenCalled();
  opened.mockRestore();
});

test('each folder comes with an image of it', async () => {
  await start();
  const { text } = await serving.get('/api/folders?path=');
  expect(JSON.parse(text)).toEqual({ folders: [{ name: 'sub', cover: { name: 'sub/deep/c.jpg' } }] });
});

test.each(['', 'sort=size&desc=1', 'q=nothing'])(
  'after the grid of %j, folders take no other walk',
  async (query) => {
    await start();
    await view(query);
    const walk = jest.spyOn(serving.catalog, 'walk');
    const { text } = await serving.get('/api/folders?path=');
    expect(JSON.parse(text)).toEqual({ folders: [{ name: 'sub', cover: { name: 'sub/deep/c.jpg' } }] });
    expect(walk).not.toHaveBeenCalled();
    await serving.put('new/a.jpg', 'image');
    const now = JSON.parse((await serving.get('/api/folders?path=')).text) as { folders: { name: string }[] };
    expect(now.folders.map(({ name }) => name)).toEqual(['new', 'sub']);
    walk.mockRestore();
  },
);

test('a deep grid has no folders, but its folder does', async () => {
  await start();
  await view('deep=1');
  expect(JSON.parse((await serving.get('/api/folders?path=sub')).text)).toMatchObject({
    folders: [{ name: 'deep' }],
  });
});

test('while dimensions are unknown, an index that took longer is used for longer', async () => {
  await start();
  const { catalog } = serving;
  const began = performance.now();
  let passed = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => began + passed);
  const walkNow = catalog.walk.bind(catalog);
  const walk = jest.spyOn(catalog, 'walk').mockImplementation((query) => {
    passed += 2000;
    return walkNow(query);
  });
  const grids = new GridCache(catalog);
  const view = {
    path: '',
    isDeep: true,
    search: '',
    isDescending: false,
    mayRead: undefined,
    mayEnter: undefined,
  } as const;
  const look = () => grids.fresh({ ...view, order: 'name' }, EVERYTHING);
  expect(await look()).toMatchObject({ isComplete: false });
  passed += 19_000;
  await look();
  expect(walk).toHaveBeenCalledTimes(1);
  passed += 2000;
  await look();
  expect(walk).toHaveBeenCalledTimes(2);
  walk.mockRestore();
  clock.mockRestore();
});

const VIEW = {
  path: '',
  isDeep: true,
  isDescending: false,
  mayRead: undefined,
  mayEnter: undefined,
} as const;

test('indexes without an image do not pile up', async () => {
  await start();
  const grids = new GridCache(serving.catalog);
  const look = (search: string) => grids.fresh({ ...VIEW, search, order: 'name' }, EVERYTHING);
  for (let i = 0; i < 400; i++) await look(`none ${i}`);
  const walk = jest.spyOn(serving.catalog, 'walk');
  await look('none 399');
  expect(walk).not.toHaveBeenCalled();
  await look('none 0');
  expect(walk).toHaveBeenCalledTimes(1);
  walk.mockRestore();
});

test('few indexes are built at the same time', async () => {
  await start();
  const walkNow = serving.catalog.walk.bind(serving.catalog);
  let [running, most] = [0, 0];
  const walk = jest.spyOn(serving.catalog, 'walk').mockImplementation(async (query) => {
    most = Math.max(most, ++running);
    const found = await walkNow(query);
    return (async function* () {
      yield* found;
      running--;
    })();
  });
  const grids = new GridCache(serving.catalog);
  const look = (search: string) => grids.fresh({ ...VIEW, search, order: 'name' }, EVERYTHING);
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(look));
  expect([walk.mock.calls.length, most]).toEqual([5, 2]);
  walk.mockRestore();
});

test.each(['*.{jpg', '*[', 'a?{'])('a pattern that is not complete, %s, finds nothing', async (search) => {
  await start();
  const { status, body } = await serving.get(`/api/grid?deep=1&q=${encodeURIComponent(search)}`);
  expect([status, body.length]).toEqual([200, 0]);
});

test('ratios are those of the facts', async () => {
  await start();
  const findFacts: FindFacts = async (open) => {
    const image = await open();
    await image.close();
    return { format: 'jpeg', width: image.size, height: 10, canRender: true };
  };
  const { folder } = serving;
  const catalog = await openCatalog({ store: await openFolder(folder), findFacts });
  const other = await WebServing.over(folder, catalog);
  const { images } = JSON.parse((await other.get('/api/images')).text) as { images: { facts: object }[] };
  expect(images[0]!.facts).toMatchObject({ width: 10, height: 10 });
  const { body, headers } = await other.get('/api/grid?');
  expect([body.readUInt16LE(0), body.readUInt16LE(2)]).toEqual([1024, 3072]);
  expect(headers['x-reso-complete']).toBe('yes');
  await other.server.close(0);
  await catalog.close();
});

test.each(['sort=colour', `q=${'x'.repeat(300)}`])('/api/grid?%s is refused', async (query) => {
  await start();
  expect((await serving.get(`/api/grid?${query}`)).status).toBe(400);
});
