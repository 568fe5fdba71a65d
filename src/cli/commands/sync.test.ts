import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  await mkdir(join(base, 'images'));
  await writeFile(join(base, 'images/a.jpg'), 'abc');
  await writeFile(join(base, 'images/b.jpg'), 'changed');
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
});

afterEach(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function sync(given: Given) {
  const screen = captured({});
  const env = { RESO_SERVER: `127.0.0.1:${server.port}`, RESO_DIR: join(base, 'out') };
  const settings = resolveSettings(SYNC_OPTIONS, given, env);
  const { signal } = new AbortController();
  const asides = new Asides();
  const exitCode = await run({
    settings,
    names: [],
    isBare: false,
    env,
    terminal: screen.terminal,
    signal,
    asides,
  });
  return { exitCode, out: screen.out(), err: screen.err() };
}

test('--locked brings what the lock file names, and exits 5 for what the server has in another state', async () => {
  const locked = join(base, 'images.lock');
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  await writeFile(locked, `# reso lock 1\na.jpg\t3\t${abc}\nb.jpg\t3\t${abc}\n`);
  const { exitCode, out, err } = await sync({ locked });
  expect(exitCode).toBe(5);
  expect(out).toBe('a.jpg successfully downloaded.\n');
  expect(err).toContain("b.jpg: The server's image differs from the one in the lock file.");
  expect(await readFile(join(base, 'out/a.jpg'), 'utf8')).toBe('abc');
});

test('new images are told from replaced ones', async () => {
  const local = join(base, 'out/a.jpg');
  await mkdir(join(base, 'out'));
  await writeFile(local, 'edited');
  const planned = await sync({ dryRun: true });
  expect(planned.err).toMatch(/^2 downloaded \(1 replaced\), 0 identical/);
  const { out, err } = await sync({ json: true, verbose: true });
  const objects = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string });
  const [a, b] = objects.sort((one, other) => (one.name < other.name ? -1 : 1));
  expect(a).toMatchObject({
    name: 'a.jpg',
    outcome: 'downloaded',
    replaced: true,
    message: null,
    path: local,
  });
  expect(b).toMatchObject({ name: 'b.jpg', outcome: 'downloaded', replaced: false });
  expect(err).toContain('a.jpg: replaces another file\n');
  expect(err).toContain('2 downloaded (1 replaced)');
  expect(err).not.toContain('b.jpg');
});

test('--locked with what is no lock file is a usage error', async () => {
  const locked = join(base, 'images.lock');
  await writeFile(locked, 'a.jpg\n');
  expect((await sync({ locked })).exitCode).toBe(2);
});

test('a report in the folder itself is none of its files', async () => {
  const report = join(base, 'out/r.json');
  await sync({});
  const { exitCode, out } = await sync({ report, delete: true, force: true });
  expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
  expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ totals: { deleted: 0, kept: 0 } });
});
