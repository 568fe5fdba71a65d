import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartedTestContainer } from 'testcontainers';
import { newClient } from './support/client';
import { areIdentical, writeImage } from './support/generated-images';
import { Person } from './support/person';
import { useScene } from './support/scene';
import { newServer } from './support/server';

const scene = useScene();

beforeAll(() => writeImage(scene.images, 'img.jpg', 300_000));

const sceneOf = () => ({ network: scene.network, images: scene.images });
const addressOf = (container: StartedTestContainer) => container.getIpAddress(scene.network.getName());

test('the two programs on two terminals, word for word: a port is chosen, images are asked for, an empty line ends it', async () => {
  await using host = await Person.starts(newServer({ ...sceneOf(), alias: 'asked' }));
  await host.answers('Enter desired port --> ', '6006');
  await host.reads('Running on port: 6006');
  const [question, ...announced] = host.screen.slice(0, host.screen.indexOf('Running on port: 6006'));
  expect(question).toBe('Enter desired port --> 6006');
  expect(announced).toContain(`Running on IP: ${addressOf(host.container)}`);
  for (const line of announced) expect(line).toMatch(/^Running on IP: [\d.]+$/);

  const setting = await scene.client();
  await using guest = await Person.starts(newClient({ ...setting, environment: { RESO_SERVER: '' } }));
  await guest.answers('Enter ip --> ', addressOf(host.container));
  await guest.answers('Enter port --> ', '6006');
  await guest.answers('Enter file name on server --> ', 'nope.jpg');
  await guest.reads("File doesn't exist on server.");
  await guest.answers('Enter file name on server --> ', 'img.jpg');
  await guest.reads('img.jpg successfully downloaded.');
  await guest.answers('Enter file name on server --> ', '');
  expect(await guest.leaves()).toBe(0);
  // Whoever owns the folder: that it is root's, where it is, is said on stderr.
  expect(guest.screen.filter((line) => !line.startsWith('reso: '))).toEqual([
    `Enter ip --> ${addressOf(host.container)}`,
    'Enter port --> 6006',
    'Enter file name on server --> nope.jpg',
    "File doesn't exist on server.",
    'Enter file name on server --> img.jpg',
    'img.jpg successfully downloaded.',
    'Enter file name on server -->',
    '',
  ]);
  expect(await readdir(setting.output)).toEqual(['img.jpg']);
  expect(await areIdentical(join(setting.output, 'img.jpg'), join(scene.images, 'img.jpg'))).toBe(true);

  await host.pressesCtrlC();
  expect(await host.leaves()).toBe(0);
});

test('an empty answer to the port takes 5005, on both sides', async () => {
  await using host = await Person.starts(newServer({ ...sceneOf(), alias: 'asked' }));
  await host.answers('Enter desired port --> ', '');
  await host.reads('Running on port: 5005');

  const setting = await scene.client();
  await using guest = await Person.starts(newClient({ ...setting, environment: { RESO_SERVER: '' } }));
  await guest.answers('Enter ip --> ', 'asked');
  await guest.answers('Enter port --> ', '');
  await guest.answers('Enter file name on server --> ', 'img.jpg');
  await guest.reads('img.jpg successfully downloaded.');
  await guest.answers('Enter file name on server --> ', '');
  expect(await guest.leaves()).toBe(0);
});

test('who has RESO_SERVER, as with Compose, is asked for names alone; the end of input ends it with exit 0', async () => {
  await using guest = await Person.starts(newClient(await scene.client()));
  await guest.answers('Enter file name on server --> ', 'img.jpg');
  await guest.reads('img.jpg successfully downloaded.');
  await guest.answers('Enter file name on server --> ', '\x04');
  expect(await guest.leaves()).toBe(0);
});

test('an address where nobody answers is said at once: exit 4', async () => {
  await using guest = await Person.starts(
    newClient({ ...(await scene.client()), environment: { RESO_SERVER: '' } }),
  );
  await guest.answers('Enter ip --> ', 'server');
  await guest.answers('Enter port --> ', '1');
  expect(await guest.leaves()).toBe(4);
  expect(guest.screen.join('\n')).toContain('server:1');
});
