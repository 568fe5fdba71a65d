import { join } from 'node:path';
import { FaultProxy, type ConnectionFaults } from '../src/testing';
import { connect, type ConnectOptions, type DownloadResult } from '../src';
import { areIdentical, KIB, MIB, writeImage } from './support/generated-images';
import { useScene } from './support/scene';

const NAME = 'photo.tif';

const scene = useScene();

beforeAll(() => writeImage(scene.images, NAME, 24 * MIB));

/** From the server in its container, through a network with these faults on each connection. */
async function download(faults: ConnectionFaults[], options: ConnectOptions = {}): Promise<DownloadResult[]> {
  await using proxy = await FaultProxy.start({ host: scene.server.getHost(), port: scene.server.getPort() });
  proxy.next(...faults);
  const client = connect({ port: proxy.port, timeout: 2, ...options });
  const output = await scene.output();
  const results: DownloadResult[] = [];
  try {
    await client.download([NAME], { output, onResult: (result) => results.push(result) });
  } finally {
    client.close();
  }
  expect(results).toMatchObject([{ name: NAME, outcome: 'downloaded' }]);
  expect(await areIdentical(join(output, NAME), join(scene.images, NAME))).toBe(true);
  return results;
}

test.each<[string, ConnectionFaults]>([
  ['cut', { fromServer: { cutAfter: 3 * MIB } }],
  ['stalled', { fromServer: { stallAfter: 3 * MIB } }],
  ['stalled towards the server', { fromClient: { stallAfter: 100 } }],
  ['damaged', { fromServer: { flipAt: MIB } }],
  ['repeated', { fromServer: { replay: { frame: 3 } } }],
])('an image from a container is whole after its connection was %s', async (_, faults) => {
  const [result] = await download([faults], { connections: 1 });
  expect(result!.attempts).toBeGreaterThan(1);
});

test('an image from a container is whole though each of four connections fails in its own way', async () => {
  const [result] = await download([
    { fromServer: { cutAfter: 3 * MIB } },
    { fromServer: { split: 1000 }, fromClient: { split: 1 } },
    { fromServer: { bytesPerSecond: 512 * KIB, stallAfter: MIB } },
    { fromServer: { coalesce: MIB, flipAt: 2 * MIB } },
  ]);
  expect(result!.attempts).toBeGreaterThan(1);
});
