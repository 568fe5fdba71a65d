import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startClient } from './support/client';
import { rawContainer } from './support/engine';
import { filesIn, writeImage } from './support/generated-images';
import { useScene } from './support/scene';
import { waitUntil } from './support/wait-until';

const scene = useScene();

test('a client that follows keeps its copy like the folder, also while the server restarts', async () => {
  await writeImage(scene.images, 'a.jpg', 1000);
  const setting = await scene.client();
  await using client = await startClient(setting, 'sync', '--follow', '--delete', '--force');
  const holds = (...names: string[]) =>
    waitUntil(`the copy holds ${names.join(', ')}`, async () => {
      const files = await filesIn(setting.output).catch(() => []);
      return files.filter((file) => !file.startsWith('.reso/')).join() === names.join();
    });
  await holds('a.jpg');
  await writeImage(scene.images, 'b.jpg', 5_000_000);
  await holds('a.jpg', 'b.jpg');
  await rename(join(scene.images, 'a.jpg'), join(scene.images, 'c.jpg'));
  await holds('b.jpg', 'c.jpg');
  await (await rawContainer(scene.server)).kill();
  await waitUntil('the client knows that the server is away', async () =>
    (await client.stderr()).includes('Waiting for it to come back.'),
  );
  await writeFile(join(scene.images, 'd.jpg'), 'written while the server is away');
  await rm(join(scene.images, 'b.jpg'));
  await scene.server.restart();
  await holds('c.jpg', 'd.jpg');
  await (await rawContainer(client.container)).kill({ signal: 'SIGTERM' });
  const { exitCode, stderr } = await client.ended();
  expect(exitCode).toBe(130);
  expect(stderr).toContain('interrupted');
});
