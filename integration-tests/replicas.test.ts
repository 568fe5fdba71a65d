import type Dockerode from 'dockerode';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonResults } from './support/client';
import { ComposeProject } from './support/compose-project';
import { engine } from './support/engine';
import { freePort } from './support/free-port';
import { digestsOf, filesIn, writeImage } from './support/generated-images';
import type { CommandEnd } from './support/run-command';
import { Scratch } from './support/scratch';
import { testRun } from './support/test-run';
import { waitUntil } from './support/wait-until';

const IMAGES = 500;
const SIZE = 100_000;
const DONE = `${IMAGES} downloaded, 0 identical, 0 failed`;
const CLIENTS = ['one', 'two', 'three'];
/** An image that was cut off has less than the 1 MiB that is worth resuming: one for each of a client's connections. */
const IN_FLIGHT = 4 * SIZE;

let scratch: Scratch;
let project: ComposeProject;
let images: string;

beforeAll(async () => {
  scratch = await Scratch.make();
  const folder = join(scratch.path, 'reso');
  await cp(testRun().checkout, folder, { recursive: true });
  images = await scratch.folder('images');
  for (let i = 0; i < IMAGES; i++) await writeImage(images, `${i % 10}/${i}.jpg`, SIZE + i);
  project = new ComposeProject({
    folder,
    name: `reso-integration-replicas-${testRun().id}`,
    port: await freePort(),
    httpPort: await freePort(),
    variables: variables(),
  });
  const up = await project.compose('up', '-d', '--scale', 'server=2');
  expect(up).toMatchObject({ exitCode: 0 });
  expect(await project.compose('build', 'client')).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await project?.down();
  await scratch?.[Symbol.asyncDispose]();
});

function variables(more: Record<string, string> = {}): Record<string, string> {
  const files = 'docker-compose.yml:docker/compose.replicas.yml';
  return { COMPOSE_FILE: files, RESO_IMAGES: images, RESO_DRAIN: '1', ...more };
}

interface Client {
  readonly output: string;
  readonly ended: Promise<CommandEnd>;
}

/** Even on a slow machine a download takes twice as long as what happens to the servers meanwhile. */
async function startClient(name: string): Promise<Client> {
  const output = await scratch.folder(name);
  const own = project.with(variables({ RESO_DOWNLOADS: output }));
  const args = ['run', '--rm', '--no-deps', '-T', 'client', 'get', '--all', '--json', '--bwlimit', '500K'];
  return { output, ended: own.compose(...args) };
}

async function downloaded(clients: readonly Client[]): Promise<number[]> {
  return Promise.all(clients.map(async ({ output }) => (await filesIn(output)).length));
}

async function haveDownloaded(clients: readonly Client[], least: number): Promise<void> {
  const look = async () => (await downloaded(clients)).every((count) => count >= least);
  await waitUntil(`each client has ${least} images`, look);
}

async function isHealthy(server: Dockerode.Container): Promise<void> {
  const look = async () => (await server.inspect()).State.Health?.Status === 'healthy';
  await waitUntil('the server is healthy', look, { every: 100 });
}

test('one of two servers is killed, then both are restarted in turn, while three clients download 500 images', async () => {
  const servers = await project.containers();
  expect(servers).toHaveLength(2);
  const docker = await engine();
  const container = (index: number) => {
    const { Id } = servers.find(
      ({ Config }) => Config.Labels['com.docker.compose.container-number'] === String(index),
    )!;
    return docker.getContainer(Id);
  };
  await Promise.all([isHealthy(container(1)), isHealthy(container(2))]);
  const clients = await Promise.all(CLIENTS.map(startClient));
  await haveDownloaded(clients, 20);
  await container(1).kill({ signal: 'SIGKILL' });
  await haveDownloaded(clients, 60);
  await container(1).start();
  await isHealthy(container(1));
  for (const index of [2, 1]) {
    expect(Math.max(...(await downloaded(clients)))).toBeLessThan(IMAGES);
    await container(index).restart({ t: 20 });
    await isHealthy(container(index));
  }
  const sent = await digestsOf(images);
  const total = Array.from({ length: IMAGES }, (_, i) => SIZE + i).reduce((sum, one) => sum + one);
  for (const { output, ended } of clients) {
    const { exitCode, stdout, stderr } = await ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining(DONE) as string });
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const results = jsonResults({ exitCode: 0, stdout: lines.join('\n'), stderr });
    expect(results.filter(({ outcome }) => outcome === 'downloaded')).toHaveLength(IMAGES);
    const received = results.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
    expect(received).toBeGreaterThanOrEqual(total);
    expect(received).toBeLessThanOrEqual(total + 3 * IN_FLIGHT);
    expect(await digestsOf(output)).toMatchObject(sent);
  }
});

test('they share a volume for their state, and each has a file of its own in it', async () => {
  const { stdout } = await project.compose('exec', '-T', 'server', 'ls', '/state');
  const names = stdout.trim().split('\n');
  expect(names).toEqual(expect.arrayContaining(['catalog.lmdb', 'catalog-2.lmdb']));
  expect(names.filter((name) => name.endsWith('.sock'))).toHaveLength(2);
  const { stdout: log } = await project.compose('logs', '--no-log-prefix', 'server');
  expect(log).toContain('A server in another container uses this state folder.');
  expect(log).not.toContain('TypeError');
});
