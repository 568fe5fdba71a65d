import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BindMount, Environment } from 'testcontainers/build/types';
import { certificatePath, keyPath } from '../src/access/fixtures/certificate';
import { newToken } from '../src/index';
import { logOf } from './support/container-logs';
import { runClient, type Ended } from './support/client';
import { areIdentical, writeImage } from './support/generated-images';
import { useScene } from './support/scene';
import { newServer } from './support/server';
import { waitUntil } from './support/wait-until';

const scene = useScene();
const token = newToken();

const files: Readonly<Record<string, () => string>> = {
  'server.pem': () => certificatePath('server'),
  'server.key.pem': () => keyPath('server'),
  'ca.pem': () => certificatePath('ca'),
  'client.pem': () => certificatePath('client'),
  'client.key.pem': () => keyPath('client'),
  tokens: () => join(scene.images, '.tokens'),
};
const mounts = (): BindMount[] =>
  Object.entries(files).map(([name, path]) => ({
    source: path(),
    target: `/run/secrets/${name}`,
    mode: 'ro',
  }));
const secret = (name: string) => `/run/secrets/${name}`;

const TLS = { RESO_TLS_CERT: secret('server.pem'), RESO_TLS_KEY: secret('server.key.pem') };
const CERTIFICATES = { ...TLS, RESO_CLIENT_CA: secret('ca.pem') };
const TOKENS = { RESO_TOKEN_FILE: secret('tokens') };

beforeAll(async () => {
  await writeImage(scene.images, 'photos/img.jpg', 300_000);
  await writeImage(scene.images, 'other/img.jpg', 1000);
  // Readable for the server's user, which is another.
  await writeFile(join(scene.images, '.tokens'), `lab1 ${token} photos\n`, { mode: 0o644 });
});

/** What becomes of a client at a server with these variables, which is healthy by its own HEALTHCHECK before. */
async function ask(
  server: Environment,
  client: Environment,
  ...args: string[]
): Promise<Ended & { log: string }> {
  const setting = await scene.client();
  const alias = 'guarded';
  await using started = await newServer({ network: setting.network, images: scene.images, alias })
    .withEnvironment(server)
    .withBindMounts(mounts())
    .start();
  const scheme = 'RESO_TLS_CERT' in server ? 'resos' : 'reso';
  const environment = { RESO_SERVER: `${scheme}://${alias}:5005`, ...client };
  const ended = await runClient({ ...setting, mounts: mounts(), environment }, ...args);
  if (ended.exitCode === 0) {
    expect(
      await areIdentical(join(scene.images, 'photos/img.jpg'), join(setting.output, 'photos/img.jpg')),
    ).toBe(true);
  }
  // The server logs a request once the client has what it asked for.
  if (ended.exitCode === 0)
    await waitUntil('the log tells of it', async () =>
      (await logOf(started, 'stderr')).includes('"outcome":"OK"'),
    );
  return { ...ended, log: await logOf(started, 'stderr') };
}

const IMAGE = 'photos/img.jpg';

test('a token in a file, over plain TCP: sent to no other machine, unless that is said on both sides', async () => {
  const refused = await ask(TOKENS, { RESO_TOKEN_FILE: secret('tokens') }, IMAGE);
  expect(refused.exitCode).toBe(6);
  expect(refused.stderr).toContain('The token was not sent');
  const careless = await ask(TOKENS, { RESO_TOKEN: token, RESO_INSECURE: '1' }, IMAGE);
  expect(careless.exitCode).toBe(6);
  expect(careless.stderr).toContain('accepts tokens over TLS only');
  const both = await ask({ ...TOKENS, RESO_INSECURE: '1' }, { RESO_TOKEN: token, RESO_INSECURE: '1' }, IMAGE);
  expect(both.exitCode).toBe(0);
  for (const { log, stderr, stdout } of [refused, careless, both])
    expect(log + stderr + stdout).not.toContain(token);
  expect(both.log).toContain('"client":"lab1"');
});

test('the healthcheck holds, and a client comes in, with TLS, certificates and tokens together', async () => {
  const own = { RESO_CERT: secret('client.pem'), RESO_KEY: secret('client.key.pem') };
  const client = { RESO_CA: secret('ca.pem'), ...TOKENS, ...own };
  expect((await ask({ ...CERTIFICATES, ...TOKENS }, client, IMAGE)).exitCode).toBe(0);
});
