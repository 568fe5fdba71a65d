import { join } from 'node:path';
import { newClient, runClient, startClient, type JsonResult } from './support/client';
import { digestsOf, MIB, sha256, writeImage } from './support/generated-images';
import { NamedVolume } from './support/named-volume';
import { RootShell } from './support/root-shell';
import { useScene } from './support/scene';
import { waitUntil } from './support/wait-until';

const scene = useScene();
const ENTRY_POINT = ['node', '/app/docker/client-entrypoint.js'];

beforeAll(async () => {
  await writeImage(scene.images, 'large.tif', 20 * MIB);
  await writeImage(scene.images, 'medium.png', 12 * MIB);
  await writeImage(scene.images, 'small.jpg', 100_000);
});

test('two client containers that write one target in one volume leave one intact file, and nothing else', async () => {
  await using volume = await NamedVolume.make();
  const setting = { network: scene.network, output: volume.name };
  await using shell = await RootShell.in(volume.name);
  // 20 seconds: on a busy machine a container takes several to start.
  const slowly = ['get', '--bwlimit', '1M', 'large.tif'];
  await using first = await startClient(setting, ...slowly);
  await using second = await startClient(setting, ...slowly);
  await waitUntil(
    'both write at the same time',
    async () => (await shell.run('ls .reso/*.part | wc -l')) === '2',
  );
  expect((await first.ended()).exitCode).toBe(0);
  expect((await second.ended()).exitCode).toBe(0);
  expect(await shell.run('find . -mindepth 1')).toBe('./large.tif');
  expect(await shell.run('sha256sum <large.tif')).toContain(await sha256(join(scene.images, 'large.tif')));
  expect(await shell.run('stat -c %U large.tif')).toBe('node');
});

test('a full disk: exit 7, one clear line, no file under the final name; with room made, the next run goes on', async () => {
  const tmpfs = { '/downloads': 'size=16m' };
  await using client = await newClient({
    network: scene.network,
    tmpfs,
    entrypoint: ['sleep', 'infinity'],
  }).start();
  const get = (...args: string[]) => client.exec([...ENTRY_POINT, 'get', ...args]);
  const run = async (...command: string[]) => (await client.exec(command)).output;
  await run('sh', '-c', 'head -c 8388608 /dev/zero >/downloads/in-the-way');

  const full = await get('medium.png');
  expect(full.exitCode).toBe(7);
  expect(full.stderr.split('\n').filter((line) => line.startsWith('medium.png: '))).toEqual([
    expect.stringMatching(/the disk is full.*Make room/),
  ]);
  expect(await run('ls', '/downloads')).toBe('in-the-way\n');

  await run('rm', '/downloads/in-the-way');
  const again = await get('--json', 'medium.png');
  expect(again.exitCode).toBe(0);
  const { resumedFrom, sha256: digest } = JSON.parse(again.stdout) as JsonResult;
  expect(resumedFrom).toBeGreaterThan(6 * MIB);
  expect(digest).toBe(await sha256(join(scene.images, 'medium.png')));
  expect(await run('sh', '-c', 'cd /downloads && ls -A && sha256sum <medium.png')).toBe(
    `medium.png\n${digest}  -\n`,
  );
});

test('a folder of the volume may be a file system of its own: the image still appears whole', async () => {
  const setting = { ...(await scene.client()), tmpfs: { '/downloads/albums': 'size=64m' } };
  await writeImage(scene.images, 'albums/img.jpg', 5 * MIB);
  const script = `${ENTRY_POINT.join(' ')} albums && cd /downloads && sha256sum albums/img.jpg && find . -name .reso`;
  const { exitCode, stdout } = await runClient({ ...setting, entrypoint: ['sh', '-c', script] });
  const { 'img.jpg': digest } = await digestsOf(join(scene.images, 'albums'));
  expect(stdout).toBe(`albums/img.jpg successfully downloaded.\n${digest}  albums/img.jpg\n`);
  expect(exitCode).toBe(0);
});
