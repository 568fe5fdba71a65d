import type { Container } from 'dockerode';
import { join } from 'node:path';
import { jsonResults, runClient, startClient, type JsonResult, type RunningClient } from './support/client';
import { engine, exitCodeOf, rawContainer } from './support/engine';
import { areIdentical, filesIn, MIB, sha256, writeImage, writeSparseImage } from './support/generated-images';
import { partialOf, partialSizes } from './support/partials';
import { useScene } from './support/scene';
import { newServer, SERVER } from './support/server';
import { waitUntil } from './support/wait-until';

const NAME = 'large.tif';
/** Large enough that its delivery still goes on when what is to interrupt it has come through the engine. */
const SIZE = 384 * MIB;
const MIDDLE = 32 * MIB;
/** For what takes the engine longer: seven seconds are left after the middle. */
const SLOWLY = ['--bwlimit', '48M'];
const IMPATIENTLY = [...SLOWLY, '--timeout', '2', '--retries', '20'];
/** What may be on its way, and not yet on the disk, when a delivery is cut. */
const IN_FLIGHT = 16 * MIB;

const scene = useScene();
let digest: string;

beforeAll(async () => {
  await writeImage(scene.images, 'small.jpg', 1000);
  await writeSparseImage(scene.images, NAME, SIZE);
  digest = await sha256(join(scene.images, NAME));
});

/** What one test broke is no reason for the next to fail. */
afterEach(async () => {
  const { State, NetworkSettings } = await (await rawContainer(scene.server)).inspect();
  if (!(scene.network.getName() in NetworkSettings.Networks)) await connectServer();
  if (!State.Running) await scene.server.restart();
});

async function connectServer(): Promise<void> {
  const network = (await engine()).getNetwork(scene.network.getId());
  await network.connect({ Container: scene.server.getId(), EndpointConfig: { Aliases: [SERVER] } });
}

/** The whole image, in its place, and nothing else; it went on from where it was cut, and did not start over. */
async function expectResumed(result: JsonResult | undefined, output: string): Promise<void> {
  expect(result).toMatchObject({ name: NAME, outcome: 'downloaded', size: SIZE, sha256: digest });
  expect(result!.resumedFrom).toBeGreaterThanOrEqual(MIDDLE);
  expect(result!.resumedFrom).toBeLessThan(SIZE);
  expect(await filesIn(output)).toEqual([NAME]);
  await expectIntact(output);
}

async function expectIntact(output: string): Promise<void> {
  expect(await areIdentical(join(output, NAME), join(scene.images, NAME))).toBe(true);
}

/** A part has come and is kept, and it is not the whole. */
async function expectCut(output: string): Promise<void> {
  const sizes = await partialSizes(output);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeLessThan(SIZE);
}

/** An engine on cgroup v1 fails to freeze a process that waits for the disk. */
async function pause(container: Container): Promise<void> {
  await waitUntil('the container is paused', () =>
    container.pause().then(
      () => true,
      (error: unknown) => {
        if (!String(error).includes('unable to freeze')) throw error;
        return false;
      },
    ),
  );
}

async function hasSaid(client: RunningClient, words: string): Promise<void> {
  await waitUntil(`the client says ${words}`, async () => (await client.stderr()).includes(words));
}

test('the server is killed in the middle of a delivery and started again: the waiting client goes on', async () => {
  const setting = await scene.client();
  await using client = await startClient(setting, 'get', '--json', '--retries', '10', NAME);
  await partialOf(setting.output, MIDDLE);
  await (await rawContainer(scene.server)).kill();
  await hasSaid(client, 'Trying again');
  await expectCut(setting.output);
  await scene.server.restart();
  const ended = await client.ended();
  expect(ended.exitCode).toBe(0);
  const [result] = jsonResults(ended);
  await expectResumed(result, setting.output);
  expect(result!.attempts).toBeGreaterThan(1);
  expect(result!.bytesReceived).toBeGreaterThanOrEqual(SIZE);
  expect(result!.bytesReceived).toBeLessThan(SIZE + IN_FLIGHT);
});

test('the network is taken away in the middle of a delivery and comes back: the client goes on', async () => {
  const setting = await scene.client();
  await using client = await startClient(setting, 'get', '--json', ...IMPATIENTLY, NAME);
  await partialOf(setting.output, MIDDLE);
  const network = (await engine()).getNetwork(scene.network.getId());
  await network.disconnect({ Container: client.container.getId() });
  await hasSaid(client, 'Trying again');
  await expectCut(setting.output);
  await network.connect({ Container: client.container.getId() });
  const ended = await client.ended();
  expect(ended.exitCode).toBe(0);
  const [result] = jsonResults(ended);
  await expectResumed(result, setting.output);
  expect(result!.bytesReceived).toBeLessThan(SIZE + IN_FLIGHT);
});

test('the server leaves the network in the middle of a delivery and comes back: the client goes on', async () => {
  const setting = await scene.client();
  await using client = await startClient(setting, 'get', '--json', ...IMPATIENTLY, NAME);
  await partialOf(setting.output, MIDDLE);
  const network = (await engine()).getNetwork(scene.network.getId());
  await network.disconnect({ Container: scene.server.getId() });
  await hasSaid(client, 'Trying again');
  await connectServer();
  const ended = await client.ended();
  expect(ended.exitCode).toBe(0);
  await expectResumed(jsonResults(ended)[0], setting.output);
});

test('a client that is paused in the middle of a delivery goes on in the same attempt; others are served meanwhile', async () => {
  const setting = await scene.client();
  await using client = await startClient(setting, 'get', '--json', ...SLOWLY, '--timeout', '300', NAME);
  await partialOf(setting.output, MIDDLE);
  const paused = await rawContainer(client.container);
  await pause(paused);
  const [partial] = await partialSizes(setting.output);
  expect((await runClient(await scene.client(), 'small.jpg')).exitCode).toBe(0);
  expect(await partialSizes(setting.output)).toEqual([partial]);
  await paused.unpause();
  const ended = await client.ended();
  expect(ended.exitCode).toBe(0);
  expect(jsonResults(ended)).toMatchObject([{ attempts: 1, bytesReceived: SIZE, sha256: digest }]);
  expect(await filesIn(setting.output)).toEqual([NAME]);
  await expectIntact(setting.output);
});

test('a client is killed in the middle of a delivery: the next one goes on, and leaves only the image', async () => {
  const setting = await scene.client();
  await using first = await startClient(setting, 'get', ...SLOWLY, NAME);
  await partialOf(setting.output, MIDDLE);
  await (await rawContainer(first.container)).kill();
  expect((await first.ended()).exitCode).toBe(137);
  expect(await filesIn(setting.output)).not.toContain(NAME);
  const [partial] = await partialSizes(setting.output);
  const ended = await runClient(setting, 'get', '--json', NAME);
  expect(ended.exitCode).toBe(0);
  const [result] = jsonResults(ended);
  await expectResumed(result, setting.output);
  expect(result).toMatchObject({ resumedFrom: partial, bytesReceived: SIZE - partial! });
});

test('a client is stopped in the middle of a delivery: exit 130, at once, and the next one goes on', async () => {
  const setting = await scene.client();
  await using first = await startClient(setting, 'get', ...SLOWLY, NAME);
  await partialOf(setting.output, MIDDLE);
  const start = Date.now();
  await (await rawContainer(first.container)).kill({ signal: 'SIGTERM' });
  const { exitCode, stderr } = await first.ended();
  expect(Date.now() - start).toBeLessThan(5000);
  expect(exitCode).toBe(130);
  expect(stderr).toContain('interrupted');
  const ended = await runClient(setting, 'get', '--json', NAME);
  await expectResumed(jsonResults(ended)[0], setting.output);
});

test('the server is stopped in the middle of a delivery: it finishes that first, and exits 0', async () => {
  const { network, images } = scene;
  // On a slow disk, the rest takes longer than the default grace.
  await using server = await newServer({ network, images, alias: 'stopping' })
    .withEnvironment({ RESO_GRACE: '120' })
    .start();
  const setting = { ...(await scene.client()), environment: { RESO_SERVER: 'stopping' } };
  await using client = await startClient(setting, 'get', '--retries', '0', NAME);
  await partialOf(setting.output, MIDDLE);
  await (await rawContainer(server)).kill({ signal: 'SIGTERM' });
  await expectCut(setting.output);
  const { exitCode, stderr } = await client.ended();
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(await exitCodeOf(server)).toBe(0);
  await expectIntact(setting.output);
});
