import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../src';
import type { StartedResoServerContainer } from '../src/testing';
import { runClient } from './support/client';
import { logOf } from './support/container-logs';
import { engine, exitCodeOf, rawContainer } from './support/engine';
import { MIB, writeImage } from './support/generated-images';
import { NamedVolume } from './support/named-volume';
import { HardenedContainer } from './support/hardened-container';
import { processStatus } from './support/process-status';
import { useScene } from './support/scene';
import { newServer, startServer } from './support/server';
import { imageTag } from './support/test-run';
import { WithoutWaiting } from './support/without-waiting';

const scene = useScene();

beforeAll(() => writeImage(scene.images, 'img.jpg', 3 * MIB));

/** By all system calls of the server. */
async function bytesRead(server: StartedResoServerContainer): Promise<number> {
  const { output } = await server.exec(['cat', '/proc/1/io']);
  return Number(/^rchar: (\d+)$/m.exec(output)![1]);
}

/** From this machine, through the published port. */
function clientOf(server: StartedResoServerContainer) {
  return connect({ host: server.getHost(), port: server.getPort(), retries: 0 });
}

test('it runs as node, without rights, on a read-only root', async () => {
  expect(await processStatus(scene.server, 'Uid', 'Gid', 'CapEff', 'CapBnd', 'NoNewPrivs')).toEqual({
    Uid: '1000 1000 1000 1000',
    Gid: '1000 1000 1000 1000',
    CapEff: '0000000000000000',
    CapBnd: '0000000000000000',
    NoNewPrivs: '1',
  });
  expect((await scene.server.exec(['sh', '-c', 'echo >/tmp/x'])).output).toContain('Read-only file system');
  expect((await scene.server.exec(['sh', '-c', 'echo >/images/x'])).output).toContain(
    'Read-only file system',
  );
  const { User, Env } = (await (await engine()).getImage(imageTag('server')).inspect()).Config;
  expect(User).toBe('node');
  expect(Env).toContain('NODE_ENV=production');
});

test('its HEALTHCHECK finds it healthy, and fails where no server answers', async () => {
  await using server = await startServer({ network: scene.network, images: scene.images, alias: 'checked' });
  expect((await (await rawContainer(server)).inspect()).State.Health?.Status).toBe('healthy');
  expect((await server.exec(['reso', 'health'])).exitCode).toBe(0);
  expect((await server.exec(['reso', 'health', '--server', '127.0.0.1:1'])).exitCode).toBe(1);
});

test('beside a service of Kubernetes that is called reso, server, health check and client work as always', async () => {
  const service = {
    RESO_PORT: 'tcp://10.0.0.1:5005',
    RESO_PORT_5005_TCP: 'tcp://10.0.0.1:5005',
    RESO_PORT_5005_TCP_ADDR: '10.0.0.1',
    RESO_PORT_5005_TCP_PORT: '5005',
    RESO_PORT_5005_TCP_PROTO: 'tcp',
    RESO_SERVICE_HOST: '10.0.0.1',
    RESO_SERVICE_PORT: '5005',
  };
  await using server = await newServer({ network: scene.network, images: scene.images, alias: 'service' })
    .withEnvironment({ ...service, RESO_LOG_LEVEL: 'debug' })
    .start();
  expect((await server.exec(['reso', 'health'])).exitCode).toBe(0);
  expect(await logOf(server, 'stderr')).toMatch(/"level":"debug",.*RESO_PORT=tcp:/);
  const environment = { ...service, RESO_SERVER: 'service' };
  const setting = { ...(await scene.client()), environment };
  expect(await runClient(setting, 'img.jpg')).toMatchObject({ exitCode: 0 });
});

test.each(['server', 'client'] as const)(
  'the %s image says what it is, and holds no tools of development',
  async (program) => {
    const { Labels } = (await (await engine()).getImage(imageTag(program)).inspect()).Config;
    expect(Labels).toMatchObject({
      'org.opencontainers.image.title': `reso ${program}`,
      'org.opencontainers.image.description': expect.stringMatching(/./) as string,
      'org.opencontainers.image.version': expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      'org.opencontainers.image.licenses': 'MIT',
    });
    const entrypoint = ['sh', '-c', 'ls /app /app/node_modules; find /app/dist -name "*.test.*"'];
    await using container = await new HardenedContainer(program)
      .withEntrypoint(entrypoint)
      .withWaitStrategy(new WithoutWaiting())
      .start();
    expect(await exitCodeOf(container)).toBe(0);
    const stdout = await logOf(container, 'stdout');
    expect(stdout).toContain('commander');
    expect(stdout).not.toMatch(/^(typescript|jest|testcontainers|src|integration-tests|.*\.test\..*)$/m);
  },
);

test('told to end when idle, it is gone within 2 seconds, with exit code 0', async () => {
  await using server = await startServer({ network: scene.network, images: scene.images, alias: 'idle' });
  const idle = clientOf(server);
  try {
    await idle.ping(); // the connection stays
    const start = Date.now();
    await (await rawContainer(server)).kill({ signal: 'SIGTERM' });
    expect(await exitCodeOf(server)).toBe(0);
    expect(Date.now() - start).toBeLessThan(2000);
  } finally {
    idle.close();
  }
});

test('digests outlive it in the volume for /state, and are not computed again', async () => {
  const size = 1024 ** 3;
  const large = join(scene.images, 'large.png');
  await writeImage(scene.images, 'large.png', 1);
  await truncate(large, size);
  await using volume = await NamedVolume.make();
  const setting = { network: scene.network, images: scene.images, state: volume.name };
  let expected: string;
  {
    await using first = await startServer({ ...setting, alias: 'first' });
    const client = clientOf(first);
    expected = (await client.digests('large.png')).sha256;
    expect(await bytesRead(first)).toBeGreaterThan(size);
    client.close();
    await (await rawContainer(first)).kill({ signal: 'SIGTERM' });
    expect(await exitCodeOf(first)).toBe(0);
  }
  await using second = await startServer({ ...setting, alias: 'second' });
  const client = clientOf(second);
  expect((await client.stat('large.png')).sha256).toBe(expected);
  expect(await bytesRead(second)).toBeLessThan(size / 2);
  await rm(large);
  client.close();
});
