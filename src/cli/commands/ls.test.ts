import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServeHandle } from '../../index';
import { captured } from '../fixtures/captured';
import { Asides } from '../log/asides';
import { LS_OPTIONS } from '../settings/options';
import { resolveSettings, type Given } from '../settings/settings';
import { run } from './ls';

let folder: string;
let server: ServeHandle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reso-ls-'));
  await writeFile(join(folder, 'a.jpg'), Buffer.alloc(1536));
  await writeFile(join(folder, 'b.jpg'), Buffer.alloc(512));
  server = await serve({ folder, port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server.close({ grace: 0 });
  await rm(folder, { recursive: true });
});

async function ls(given: Given) {
  const { terminal, out, err } = captured();
  const env = { RESO_SERVER: `127.0.0.1:${server.port}` };
  const settings = resolveSettings(LS_OPTIONS, given, env);
  const { signal } = new AbortController();
  const exitCode = await run({
    ...{ settings, names: [], isBare: false, env, terminal, signal, asides: new Asides() },
  });
  return { exitCode, out: out(), err: err() };
}

test('--human has sizes for people on stdout, and the total on stderr', async () => {
  const { exitCode, out, err } = await ls({ human: true });
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^ {3}1\.5 KiB {2}\S+ {2}a\.jpg\n {5}512 B {2}\S+ {2}b\.jpg\n$/);
  expect(err).toBe('2 images, 2.0 KiB\n');
});

test.each<Given>([{ long: true }, { human: true, quiet: true }, { human: true, json: true }])(
  '%j says no total',
  async (given) => expect(await ls(given)).toMatchObject({ exitCode: 0, err: '' }),
);

test('--format sha256sum leaves no room for sizes', async () => {
  await expect(ls({ human: true, format: 'sha256sum' })).rejects.toMatchObject({ code: 'USAGE' });
});
