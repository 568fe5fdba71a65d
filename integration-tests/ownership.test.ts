import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { newClient, runClient } from './support/client';
import { areIdentical, writeImage } from './support/generated-images';
import { Person } from './support/person';
import { processStatus } from './support/process-status';
import { RootShell } from './support/root-shell';
import { useScene } from './support/scene';

const NAME = 'albums/summer/img.jpg';

const scene = useScene();

beforeAll(async () => {
  await writeImage(scene.images, NAME, 2_000_000);
  await utimes(join(scene.images, NAME), 1_500_000_000, 1_500_000_000);
});

/** Owner, group and mode of the image, and of every folder above it, nearest first. */
function whoHas(shell: RootShell): Promise<string> {
  return shell.run('stat -c "%u:%g %a" albums/summer/img.jpg albums/summer albums');
}

/** A file's modification time, in the protocol's unit. */
async function microseconds(path: string): Promise<bigint> {
  return (await stat(path, { bigint: true })).mtimeNs / 1000n;
}

test('what is written belongs to the owner of /downloads, whoever that is, with the usual mode and the time of the image', async () => {
  const setting = await scene.client();
  await using shell = await RootShell.in(setting.output);
  await shell.run('chown 4242:4243 .');
  const { exitCode, stderr } = await runClient(setting, NAME);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(await whoHas(shell)).toBe('4242:4243 644\n4242:4243 755\n4242:4243 755');
  expect(await areIdentical(join(setting.output, NAME), join(scene.images, NAME))).toBe(true);
  expect(await microseconds(join(setting.output, NAME))).toBe(1_500_000_000_000_000n);
});

test('it has no rights left once it has become that owner', async () => {
  const setting = await scene.client();
  await using shell = await RootShell.in(setting.output);
  await shell.run('chown 4242:4243 .');
  await using guest = await Person.starts(newClient({ ...setting, environment: { RESO_SERVER: '' } }));
  await guest.isAsked('Enter ip --> ');
  expect(
    await processStatus(guest.container, 'Uid', 'Gid', 'Groups', 'CapEff', 'CapPrm', 'NoNewPrivs'),
  ).toEqual({
    Uid: '4242 4242 4242 4242',
    Gid: '4243 4243 4243 4243',
    Groups: '',
    CapEff: '0000000000000000',
    CapPrm: '0000000000000000',
    NoNewPrivs: '1',
  });
});

test('the mode is by umask', async () => {
  const setting = await scene.client();
  await using shell = await RootShell.in(setting.output);
  await shell.run('chown 4242:4243 .');
  const entrypoint = ['sh', '-c', `umask 027; exec node /app/docker/client-entrypoint.js ${NAME}`];
  expect((await runClient({ ...setting, entrypoint })).exitCode).toBe(0);
  expect(await whoHas(shell)).toBe('4242:4243 640\n4242:4243 750\n4242:4243 750');
});

test('--user is honoured', async () => {
  const setting = await scene.client();
  await using shell = await RootShell.in(setting.output);
  await shell.run('chown 4242:4243 . && chmod 777 .');
  expect((await runClient({ ...setting, user: '1234:1235' }, NAME)).exitCode).toBe(0);
  expect(await whoHas(shell)).toBe('1234:1235 644\n1234:1235 755\n1234:1235 755');
});

test('a folder of root is written as root, and that is said', async () => {
  const setting = await scene.client();
  await using shell = await RootShell.in(setting.output);
  await shell.run('chown 0:0 .');
  const { exitCode, stderr } = await runClient(setting, NAME);
  expect(exitCode).toBe(0);
  expect(stderr).toBe('reso: /downloads belongs to root, so the images will too\n');
  expect(await whoHas(shell)).toBe('0:0 644\n0:0 755\n0:0 755');
});

test.each([
  ['its owner may not write', 'chown 4242:4243 . && chmod 555 .', undefined, '4242:4243'],
  ['the user of --user may not write', 'chown 4242:4243 .', '1234:1235', '1234:1235'],
])(
  'a folder that %s is refused before a server is looked for: exit 7, one line',
  async (_, script, user, who) => {
    const setting = await scene.client();
    await using shell = await RootShell.in(setting.output);
    await shell.run(script);
    const nobody = {
      ...setting,
      ...(user !== undefined && { user }),
      environment: { RESO_SERVER: 'server:1' },
    };
    const { exitCode, stderr } = await runClient(nobody, NAME);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(new RegExp(`^reso: user ${who} can't write to /downloads .*\\n$`));
    expect(await readdir(setting.output)).toEqual([]);
  },
);
