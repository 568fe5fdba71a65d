import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonResults, runClient } from './support/client';
import {
  areIdentical,
  digestsOf,
  GIB,
  KIB,
  MIB,
  writeImage,
  writeSparseImage,
} from './support/generated-images';
import { useScene } from './support/scene';
import { testRun } from './support/test-run';

const scene = useScene();
let samples: Record<string, string>;

beforeAll(async () => {
  const folder = join(testRun().checkout, 'images');
  samples = await digestsOf(folder);
  await cp(folder, join(scene.images, 'samples'), { recursive: true });
});

const sampleNames = () => Object.keys(samples).map((name) => `samples/${name}`);

test('every sample image arrives byte for byte, and nothing else', async () => {
  const client = await scene.client();
  const { exitCode, stdout } = await runClient(client, 'samples');
  expect(await digestsOf(join(client.output, 'samples'))).toEqual(samples);
  expect(await readdir(client.output)).toEqual(['samples']);
  const said = sampleNames().map((name) => `${name} successfully downloaded.`);
  expect(stdout.trimEnd().split('\n').sort()).toEqual(said.sort());
  expect(exitCode).toBe(0);
});

test('every size around a buffer or a block arrives byte for byte', async () => {
  const edges = [64 * KIB, 256 * KIB, MIB, 4 * MIB].flatMap((size) => [size - 1, size, size + 1]);
  const sizes = [0, 1, ...edges];
  for (const size of sizes) await writeImage(scene.images, `sizes/${size}.png`, size);
  const client = await scene.client();
  const ended = await runClient(client, 'get', '--json', 'sizes/*.png');
  expect(await digestsOf(join(client.output, 'sizes'))).toEqual(await digestsOf(join(scene.images, 'sizes')));
  const received = jsonResults(ended).map(({ size, bytesReceived }) => ({ size, bytesReceived }));
  expect(received).toHaveLength(sizes.length);
  expect(received).toEqual(expect.arrayContaining(sizes.map((size) => ({ size, bytesReceived: size }))));
  expect(ended.exitCode).toBe(0);
});

test('1 GiB arrives byte for byte', async () => {
  await writeSparseImage(scene.images, 'large.tif', GIB);
  const client = await scene.client();
  const { exitCode } = await runClient(client, 'large.tif');
  expect(exitCode).toBe(0);
  expect(await areIdentical(join(client.output, 'large.tif'), join(scene.images, 'large.tif'))).toBe(true);
});

test('eight client containers at once each get every image', async () => {
  await writeImage(scene.images, 'samples-and-more/photo.jpg', 16 * MIB);
  const clients = await Promise.all(Array.from({ length: 8 }, () => scene.client()));
  const ended = await Promise.all(clients.map((client) => runClient(client, 'samples', 'samples-and-more')));
  expect(ended.map(({ exitCode }) => exitCode)).toEqual(clients.map(() => 0));
  const photo = await digestsOf(join(scene.images, 'samples-and-more'));
  for (const { output } of clients) {
    expect(await digestsOf(join(output, 'samples'))).toEqual(samples);
    expect(await digestsOf(join(output, 'samples-and-more'))).toEqual(photo);
  }
});

test('an identical file that is there already is said to be so, and not fetched again', async () => {
  const client = await scene.client();
  await runClient(client, 'samples/img.jpg');
  const again = await runClient(client, 'samples/img.jpg');
  expect(again).toMatchObject({ exitCode: 0, stdout: 'samples/img.jpg is already here, identical.\n' });
  const [result] = jsonResults(await runClient(client, 'get', '--json', 'samples/img.jpg'));
  expect(result).toMatchObject({ outcome: 'identical', bytesReceived: 0, sha256: samples['img.jpg'] });
});

test('`ls` in the client container lists every image, in order', async () => {
  const { stdout, exitCode } = await runClient({ network: scene.network }, 'ls', 'samples');
  expect(stdout).toBe(
    sampleNames()
      .sort(byBytes)
      .map((name) => `${name}\n`)
      .join(''),
  );
  expect(exitCode).toBe(0);
});

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
