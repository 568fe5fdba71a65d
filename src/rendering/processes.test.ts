import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import sharp from 'sharp';
import { Workshop } from './fixtures/workshop';
import type { OpenedSource, RenderRequest } from './source';

const workshop = new Workshop();
afterAll(() => workshop.close());

const WEBP = { width: 320, format: 'webp' } as const;

let image: Buffer;
let heavy: Buffer;
beforeAll(async () => {
  image = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#c03010' } })
    .png()
    .toBuffer();
  // 60 megapixels of nothing, which GIF holds in memory all the same.
  heavy = await sharp({ create: { width: 10_000, height: 6000, channels: 3, background: '#000000' } })
    .gif()
    .toBuffer();
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A request each, as of different images, which is opened when `go` is called. */
function held(count: number, changes: Partial<OpenedSource> = {}) {
  let go!: () => void;
  let opened = 0;
  const gate = new Promise<void>((resolve) => (go = resolve));
  // One after the other: whichever is opened first is decoded first.
  let last: Promise<unknown> = gate;
  const requests = Array.from({ length: count }, (_, i): RenderRequest => {
    const { open } = workshop.request(image, changes);
    const openNext = () => {
      const mine = last.then(open);
      last = mine.catch(() => undefined);
      return mine.finally(() => opened++);
    };
    return { sha256: `${i}`.repeat(64), open: openNext };
  });
  return { requests, go, opened: () => opened };
}

test('a child that is killed costs one request, and its image two', async () => {
  const renderer = await workshop.renderer({ children: 1 });
  const { requests, go, opened } = held(2);
  for (const restarts of [1, 2]) {
    const [child] = workshop.children();
    process.kill(child!, 'SIGSTOP');
    const work = requests.map((request) => renderer.render(request, WEBP));
    go();
    await until(() => opened() === 2 * restarts);
    process.kill(child!, 'SIGKILL');
    await expect(work[0]).rejects.toMatchObject({ code: 'RENDER_FAILED' });
    await expect(work[1]).resolves.toMatchObject({ width: 64 });
    expect(renderer.counts).toMatchObject({ restarts, failed: restarts, running: 0, queued: 0 });
  }
  await expect(renderer.render(requests[0]!, WEBP)).rejects.toMatchObject({ code: 'NOT_RENDERABLE' });
  await expect(renderer.render(requests[1]!, WEBP)).resolves.toMatchObject({ width: 64 });
  await renderer.close();
});

test('a child that hangs is killed', async () => {
  const renderer = await workshop.renderer({ children: 1 }, { patience: 1500 });
  process.kill(workshop.children()[0]!, 'SIGSTOP');
  const work = held(2);
  work.go();
  const [first, second] = work.requests.map((request) => renderer.render(request, WEBP));
  await expect(first).rejects.toMatchObject({
    code: 'RENDER_FAILED',
    message: expect.stringContaining('1.5 s'),
  });
  await expect(second).resolves.toMatchObject({ width: 64 });
  await renderer.close();
});

test('the same rendition is made once, however many ask', async () => {
  const renderer = await workshop.renderer();
  let opened = 0;
  const { sha256, open } = workshop.request(image);
  const request = { sha256, open: () => (opened++, open()) };
  const all = await Promise.all(Array.from({ length: 10 }, () => renderer.render(request, WEBP)));
  expect(new Set(all).size).toBe(1);
  expect(opened).toBe(1);
  expect(renderer.counts.rendered).toBe(1);
  await renderer.close();
});

test('the queue is bounded', async () => {
  const renderer = await workshop.renderer({ children: 1 }, { queue: 2 });
  const { requests, go } = held(5);
  const work = requests.map((request) => renderer.render(request, WEBP));
  await expect(work[4]).rejects.toMatchObject({ code: 'BUSY' });
  expect(renderer.counts).toMatchObject({ running: 2, queued: 2 });
  go();
  await Promise.all(work.slice(0, 4));
  await renderer.close();
});

test('what nobody waits for any more is not begun', async () => {
  const renderer = await workshop.renderer({ children: 1 });
  const { requests, go } = held(3);
  const controller = new AbortController();
  const work = requests.map((request, i) =>
    renderer.render(request, WEBP, i === 2 ? { signal: controller.signal } : {}),
  );
  const other = renderer.render(requests[2]!, WEBP, { signal: controller.signal });
  await until(() => renderer.counts.queued === 1);
  controller.abort();
  for (const one of [work[2], other]) await expect(one).rejects.toMatchObject({ code: 'ABORTED' });
  expect(renderer.counts.queued).toBe(0);
  go();
  await Promise.all(work.slice(0, 2));
  expect(renderer.counts).toMatchObject({ rendered: 2, failed: 0 });
  await renderer.close();
});

test('one that gives up leaves the others their rendition', async () => {
  const renderer = await workshop.renderer({ children: 1 });
  const { requests, go } = held(1);
  const controller = new AbortController();
  const first = renderer.render(requests[0]!, WEBP, { signal: controller.signal });
  const second = renderer.render(requests[0]!, WEBP);
  controller.abort();
  await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
  go();
  await expect(second).resolves.toMatchObject({ width: 64 });
  await renderer.close();
});

test('an image that needs much memory has all to itself', async () => {
  const renderer = await workshop.renderer();
  const running: number[] = [];
  const big = workshop.request(heavy, { isUnchanged: () => (running.push(renderer.counts.running), true) });
  const { requests, go } = held(6);
  go();
  const work = [big, ...requests].map((request) => renderer.render(request, WEBP));
  await expect(work[0]).resolves.toMatchObject({ width: 320, height: 192 });
  await Promise.all(work);
  // Once to see what it needs, once to be rendered.
  expect(running).toEqual([expect.any(Number), 1]);
  await renderer.close();
});

test('children end when they have nothing to do, and start again', async () => {
  const renderer = await workshop.renderer({}, { idle: 50 });
  await renderer.render(workshop.request(image), WEBP);
  await until(() => workshop.children().length === 0);
  await renderer.render(workshop.request(image), WEBP);
  expect(renderer.counts.restarts).toBe(0);
  await renderer.close();
});

test('a child is replaced after so many images', async () => {
  const renderer = await workshop.renderer({ children: 1 }, { images: 2 });
  const [first] = workshop.children();
  for (let i = 0; i < 3; i++) await renderer.render(workshop.request(image), WEBP);
  expect(workshop.children()).not.toContain(first);
  expect(renderer.counts).toMatchObject({ restarts: 0, rendered: 3 });
  await renderer.close();
});

test('closing with work under way leaves no process and no waiter', async () => {
  const renderer = await workshop.renderer();
  const work = Array.from({ length: 20 }, (_, i) =>
    renderer.render({ ...workshop.request(image), sha256: `${i}` }, WEBP),
  );
  const svg = renderer.facts(workshop.request(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')).open);
  const outcomes = Promise.allSettled([...work, svg]);
  await until(() => renderer.counts.running > 0);
  await renderer.close();
  expect(workshop.children()).toEqual([]);
  for (const outcome of await outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'CLOSING' });
  await expect(renderer.render(workshop.request(image), WEBP)).rejects.toMatchObject({ code: 'CLOSING' });
});

test('an image is closed in the end, whatever came of it', async () => {
  const renderer = await workshop.renderer();
  const closed: string[] = [];
  const request = (bytes: Buffer, name: string) => {
    const { sha256, open } = workshop.request(bytes);
    const opening = async () => {
      const opened = await open();
      return { ...opened, close: () => (closed.push(name), opened.close()) };
    };
    return { sha256, open: opening };
  };
  await renderer.render(request(image, 'good'), WEBP);
  await renderer.render(request(Buffer.from('nothing'), 'bad'), WEBP).catch(() => undefined);
  await renderer.facts(request(image, 'facts').open);
  expect(closed).toEqual(['good', 'bad', 'facts']);
  await renderer.close();
});

test('what cannot be opened fails with what was said about it', async () => {
  const renderer = await workshop.renderer();
  const open = () => Promise.reject(Object.assign(new Error('gone'), { code: 'NOT_FOUND' }));
  await expect(renderer.render({ sha256: 'x', open }, WEBP)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await renderer.close();
});

test('a child that may not open what the server has open says so', async () => {
  const args = [workshop.program, require.resolve('sharp'), 'raster', '/proc/self/fd/999'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'ignore', 'pipe'] });
  const [said] = (await once(child.stdio[3]!, 'data')) as [Buffer];
  expect(said.toString()).toContain('may not open the files of this server');
  await once(child, 'exit');
});

test('a child ends with the server, knows nothing of its environment, and is the first to go', async () => {
  const args = [workshop.program, require.resolve('sharp'), 'raster', `/proc/${process.pid}/fd/0`];
  const renderer = await workshop.renderer({ children: 1 });
  const [pid] = workshop.children();
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean).sort()).toEqual([
    'MALLOC_ARENA_MAX=2',
    'UV_THREADPOOL_SIZE=1',
  ]);
  expect(Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8'))).toBeGreaterThanOrEqual(500);
  const nice = getPriority();
  const orphan = spawn('nice', ['-n', '2', process.execPath, ...args], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  await once(orphan.stdio[3]!, 'data');
  const niceOfOrphan = getPriority(orphan.pid);
  orphan.stdin!.end();
  const [, signal] = (await once(orphan, 'exit')) as [unknown, string];
  expect(signal).toBe('SIGKILL');
  expect(niceOfOrphan).toBe(Math.min(nice + 12, 19));
  await renderer.close();
});
