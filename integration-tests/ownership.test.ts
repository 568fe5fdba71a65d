import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../src';
import { newClient, runClient } from './support/client';
import { areIdentical, writeImage } from './support/generated-images';
import { HardenedServer } from './support/hardened-container';
import { NamedVolume } from './support/named-volume';
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
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^1 downloaded, .*\n$/);
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
  expect(stderr).toMatch(/^reso: root owns \/downloads, so root will own the images\n1 downloaded, .*\n$/);
  expect(await whoHas(shell)).toBe('0:0 644\n0:0 755\n0:0 755');
});

test.each([
  ['a new volume becomes that of node, who', 'true', '1000:1000 644\n1000:1000 755\n1000:1000 755', ''],
  [
    'a volume of root that holds something stays that of root, who',
    'touch something && chown 0:0 .',
    '0:0 644\n0:0 755\n0:0 755',
    'reso: root owns /downloads, so root will own the images\n',
  ],
])('%s writes there what a server in another container can read', async (_, script, owned, said) => {
  await using volume = await NamedVolume.make();
  const setting = { network: scene.network, output: volume.name };
  // Whoever mounts a new volume first, at a folder of its image, gives it the owner of that folder.
  expect(await runClient(setting, 'ls')).toMatchObject({ exitCode: 0 });
  await using shell = await RootShell.in(volume.name);
  await shell.run(script);
  expect(await runClient(setting, NAME)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(new RegExp(`^${said}1 downloaded, .*\\n$`)) as string,
  });
  expect(await whoHas(shell)).toBe(owned);
  await using mirror = await new HardenedServer()
    .withBindMounts([{ source: volume.name, target: '/images', mode: 'ro' }])
    .withState()
    .start();
  const client = connect({ host: mirror.getHost(), port: mirror.getPort(), retries: 0 });
  const output = await scene.output();
  expect(await client.download([NAME], { output })).toMatchObject({ downloaded: 1 });
  client.close();
  expect(await areIdentical(join(output, NAME), join(scene.images, NAME))).toBe(true);
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
