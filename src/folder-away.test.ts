import { mkdir, mkdtemp, readdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type Client, type ServeHandle } from './index';

let base: string;
let server: ServeHandle;
let client: Client;
let warnings: string[];
const at = (name: string) => join(base, name);

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  for (const [release, names] of [
    ['1', ['a.jpg', 'b.jpg']],
    ['2', ['a.jpg', 'c.jpg']],
  ] as const) {
    await mkdir(at(`releases/${release}`), { recursive: true });
    for (const name of names) await writeFile(at(`releases/${release}/${name}`), `${name} of ${release}`);
  }
  await symlink('releases/1', at('current'));
  warnings = [];
  const onWarning = (warning: string) => void warnings.push(warning);
  server = await serve({ folder: at('current'), port: 0, host: '127.0.0.1', state: at('state'), onWarning });
  client = connect({ port: server.port, retries: 0 });
});

afterEach(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function names(): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of client.list()) found.push(name);
  return found;
}

const isAway = {
  code: 'UNAVAILABLE',
  message: 'The served folder is missing: no such file or folder.',
};

test('while the served folder is away every request says so, and the log once; then all is as before', async () => {
  expect(await names()).toEqual(['a.jpg', 'b.jpg']);
  await rename(at('releases'), at('elsewhere'));
  await expect(names()).rejects.toMatchObject(isAway);
  await expect(client.stat('a.jpg')).rejects.toMatchObject(isAway);
  await expect(client.digests('a.jpg')).rejects.toMatchObject(isAway);
  await expect(client.ping()).rejects.toMatchObject(isAway);
  await expect(client.lock().next()).rejects.toMatchObject(isAway);
  await expect(server.survey()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const results: unknown[] = [];
  await client.download(['a.jpg'], { output: at('out'), onResult: (result) => results.push(result) });
  expect(results).toMatchObject([{ name: 'a.jpg', outcome: 'failed', code: 'UNAVAILABLE' }]);
  expect(warnings).toHaveLength(1);
  await rename(at('elsewhere'), at('releases'));
  await client.ping();
  expect(await names()).toEqual(['a.jpg', 'b.jpg']);
  expect(warnings).toHaveLength(2);
});

test('a client that tries again does not notice that it was away for a moment', async () => {
  await rename(at('releases'), at('elsewhere'));
  let isBack: Promise<void> | undefined;
  const onRetry = () => void (isBack ??= rename(at('elsewhere'), at('releases')));
  const patient = connect({ port: server.port, onRetry });
  const { downloaded, failed } = await patient.download(undefined, { output: at('out') });
  patient.close();
  await isBack;
  expect({ downloaded, failed }).toEqual({ downloaded: 2, failed: 0 });
});

test('nothing is deleted because it is away, whatever is forced; when a link leads elsewhere, what is gone there is', async () => {
  await client.sync(at('out'));
  await rename(at('releases'), at('elsewhere'));
  const forced = { delete: true, force: true };
  await expect(client.sync(at('out'), forced)).rejects.toMatchObject(isAway);
  expect((await readdir(at('out'))).sort()).toEqual(['.reso', 'a.jpg', 'b.jpg']);
  await rename(at('elsewhere'), at('releases'));
  await unlink(at('current'));
  await symlink('releases/2', at('current'));
  expect(await client.sync(at('out'), forced)).toMatchObject({ downloaded: 2, deleted: 1 });
  expect((await readdir(at('out'))).sort()).toEqual(['.reso', 'a.jpg', 'c.jpg']);
});

test('nothing is deleted where it goes away in the middle of a sync', async () => {
  await client.sync(at('out'));
  for (const name of ['d.jpg', 'e.jpg', 'f.jpg']) await writeFile(at(`out/${name}`), 'mine');
  let gone: Promise<void> | undefined;
  const slow = connect({ port: server.port, retries: 0 });
  const onResult = () => void (gone ??= rename(at('releases'), at('elsewhere')));
  await expect(slow.sync(at('out'), { delete: true, force: true, onResult })).rejects.toMatchObject(isAway);
  slow.close();
  await gone;
  expect((await readdir(at('out'))).sort()).toEqual(['.reso', 'a.jpg', 'b.jpg', 'd.jpg', 'e.jpg', 'f.jpg']);
});
