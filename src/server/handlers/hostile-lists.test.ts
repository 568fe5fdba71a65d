import { MAX_GLOB_BYTES, MAX_GLOBS_BYTES } from '../../names';
import { encode, MessageType } from '../../protocol';
import { eventually, Serving } from '../fixtures/serving';

/** 64 combinations of braces, and some three hundred places to go on at. */
const costly = (bytes: number, end: string) =>
  `${'{**a,*a}'.repeat(6)}${'**a'.repeat(Math.floor((bytes - 48 - end.length) / 3))}${end}`;

let serving: Serving;
beforeEach(async () => {
  serving = await Serving.start();
  await Promise.all(
    Array.from({ length: 200 }, (_, i) => serving.put(`${'a'.repeat(190)}${i}.jpg`, 'image')),
  );
});
afterEach(() => serving.stop());

test('globs that would cost too much together are refused', async () => {
  const client = await serving.greeted();
  const globs = Array.from({ length: 60 }, (_, i) => costly(990, `**b${i}`));
  client.send(encode.list(1, { globs }), encode.ping(2));
  expect(await client.error(1)).toMatchObject({
    code: 'BAD_MESSAGE',
    message: expect.stringContaining('16384 bytes') as string,
  });
  await client.final(2);
});

test('a client that is gone, and has not only ended its side, is worked for no more', async () => {
  const globs = Array.from({ length: MAX_GLOBS_BYTES / MAX_GLOB_BYTES }, (_, i) =>
    costly(MAX_GLOB_BYTES, `**b${i}`),
  );
  const listed = jest.spyOn(serving.catalog, 'list');
  const client = await serving.greeted();
  client.send(encode.list(1, { globs }), encode.list(2, { globs }));
  client.send(encode.ping(3));
  await client.final(3);
  client.socket.destroy();
  await eventually(() => serving.server.connections === 0);
  await expect(listed.mock.results[0]!.value).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('others are answered while one asks for the costliest lists, and no work is left behind it', async () => {
  const globs = Array.from({ length: MAX_GLOBS_BYTES / MAX_GLOB_BYTES }, (_, i) =>
    costly(MAX_GLOB_BYTES, `**b${i}`),
  );
  const hostile = await Promise.all(Array.from({ length: 4 }, () => serving.greeted()));
  for (const client of hostile)
    client.send(...Array.from({ length: 40 }, (_, i) => encode.list(i + 1, { globs })));
  const other = await serving.greeted();
  other.send(encode.ping(1), encode.list(2, {}), encode.get(3, { name: `${'a'.repeat(190)}7.jpg` }));
  await Promise.all([other.final(1), other.page(2), other.delivered(3)]);
  const unanswered = hostile.filter(({ frames }) => frames.filter(isPage).length < 40);
  expect(unanswered).toHaveLength(4);
  for (const { socket } of hostile) socket.resetAndDestroy();
  await eventually(() => serving.server.connections === 1);
  await eventually(isIdle);
});

/** Whether this process, server included, has hardly anything to do. */
async function isIdle(): Promise<boolean> {
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => setTimeout(resolve, 50));
  return performance.eventLoopUtilization(before).utilization < 0.3;
}

function isPage({ type }: { type: number }): boolean {
  return type === MessageType.PAGE;
}
