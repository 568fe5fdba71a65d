import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServeHandle } from '../../index';
import { captured } from '../fixtures/captured';
import { Asides } from '../log/asides';
import { SYNC_OPTIONS } from '../settings/options';
import { resolveSettings, type Given } from '../settings/settings';
import { run } from './sync';

let base: string;
let server: ServeHandle;
let stop: AbortController;
let screen: ReturnType<typeof captured>;
let exit: Promise<number>;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  await mkdir(join(base, 'images'));
  await put('a.jpg', 'abc');
  server = await start(0);
});

afterEach(async () => {
  stop.abort();
  await exit.catch(() => undefined);
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

const start = (port: number) => serve({ folder: join(base, 'images'), port, host: '127.0.0.1' });
const put = (name: string, text: string) => writeFile(join(base, 'images', name), text);

function follow(given: Given): void {
  stop = new AbortController();
  screen = captured({});
  const env = { RESO_SERVER: `127.0.0.1:${server.port}`, RESO_DIR: join(base, 'out') };
  const settings = resolveSettings(SYNC_OPTIONS, { follow: true, ...given }, env);
  const { terminal } = screen;
  const { signal } = stop;
  exit = run({ settings, names: [], isBare: false, env, terminal, signal, asides: new Asides() });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const summaries = () =>
  screen
    .err()
    .split('\n')
    .filter((line) => line.includes(' downloaded'));

test('each change is printed, with one summary for each sync that did something', async () => {
  follow({ delete: true, force: true });
  await until(() => screen.err().includes('Waiting for changes'));
  await put('b.jpg', 'b');
  await until(() => summaries().length === 2);
  await unlink(join(base, 'images/b.jpg'));
  await until(() => summaries().length === 3);
  stop.abort();
  expect(await exit).toBe(130);
  expect(screen.out()).toBe(
    'a.jpg successfully downloaded.\nb.jpg successfully downloaded.\nb.jpg deleted.\n',
  );
  expect(summaries()[1]).toMatch(/^1 downloaded, 1 identical, 0 deleted, 0 failed: 1 B received in /);
  expect(screen.err()).toContain('reso: interrupted.');
});

test('--json prints what was here already once, and then each change', async () => {
  follow({ json: true });
  await until(() => screen.err().includes('Waiting for changes'));
  await put('b.jpg', 'b');
  await until(() => summaries().length === 2);
  const names = screen.out().trimEnd().split('\n');
  expect(names.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(['a.jpg', 'b.jpg']);
});

test('what stays wrong is said once', async () => {
  await mkdir(join(base, 'out/b.jpg'), { recursive: true });
  await put('b.jpg', 'b');
  follow({});
  await until(() => screen.err().includes('Waiting for changes'));
  await put('c.jpg', 'c');
  await until(() => summaries().length === 2);
  expect(screen.err().match(/^b\.jpg: /gm)).toHaveLength(1);
});

test('that the server is away is said once, and that it is back', async () => {
  follow({ retries: '0' });
  await until(() => screen.err().includes('Waiting for changes'));
  const { port } = server;
  await server.close({ grace: 0 });
  await until(() => screen.err().includes('Waiting for it to come back'));
  let calls = 0;
  const nobody = createServer((socket) => {
    calls++;
    socket.destroy();
  }).listen(port, '127.0.0.1');
  await until(() => calls > 2);
  await new Promise((resolve) => nobody.close(resolve));
  server = await start(port);
  await put('b.jpg', 'b');
  await until(() => screen.out().includes('b.jpg'));
  await until(() => summaries().length === 2);
  expect(screen.err().match(/Waiting for it to come back/g)).toHaveLength(1);
  expect(screen.err().match(/ is back\.$/gm)).toHaveLength(1);
  expect(await readFile(join(base, 'out/b.jpg'), 'utf8')).toBe('b');
});

test.each<[string, Given]>([
  ['--dry-run', { dryRun: true }],
  ['--report', { report: 'r.json' }],
  ['--locked', { locked: 'images.lock' }],
])('it is refused together with %s', async (option, given) => {
  follow(given);
  await expect(exit).rejects.toMatchObject({
    code: 'USAGE',
    message: `--follow can't be combined with ${option}.`,
  });
});

test('a time-out that is shorter than the pauses of a waiting server is refused', async () => {
  follow({ timeout: '3' });
  await expect(exit).rejects.toMatchObject({
    code: 'USAGE',
    message: '--follow needs a --timeout of at least 10 seconds.',
  });
});
