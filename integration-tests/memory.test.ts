import { join } from 'node:path';
import { startClient } from './support/client';
import { areIdentical, GIB, writeSparseImage } from './support/generated-images';
import { peakMemoryDuring } from './support/peak-memory';
import { useScene } from './support/scene';

const MOST = 200_000_000;

const scene = useScene();

test('5 GiB arrive byte for byte; server and client each stay under 200 MB of anonymous memory', async () => {
  await writeSparseImage(scene.images, 'huge.tif', 5 * GIB);
  const setting = await scene.client();
  await using client = await startClient(setting, 'huge.tif');
  const ended = client.ended();
  const [server, downloading] = await Promise.all([
    peakMemoryDuring(scene.server, ended),
    peakMemoryDuring(client.container, ended),
  ]);
  expect((await ended).exitCode).toBe(0);
  for (const { peak, looks } of [server, downloading]) {
    expect(looks).toBeGreaterThan(3);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(MOST);
  }
  const files = [setting.output, scene.images].map((folder) => join(folder, 'huge.tif')) as [string, string];
  expect(await areIdentical(...files)).toBe(true);
});
