import { getEventListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type Client, type ServeHandle } from '..';

const MANY = 20;

let base: string;
let server: ServeHandle;
const clients: Client[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-signals-'));
  server = await serve({ folder: base, host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

function client(signal: AbortSignal): Client {
  const made = connect({ port: server.port, signal, connections: MANY });
  clients.push(made);
  return made;
}

/** Images that all wait to settle, and all are begun. */
async function putUnsettled(): Promise<void> {
  for (let i = 0; i < MANY; i++) await writeFile(join(base, `${i}.jpg`), String(i));
}

test('a signal of many clients that wait for many images has too few listeners for Node to warn of', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const downloads = Array.from({ length: MANY }, (_, i) => {
    const names = async function* () {
      await putUnsettled();
      for (let one = 0; one < MANY; one++) yield `${one}.jpg`;
    };
    return client(signal).download(names(), { output: join(base, `.out-${i}`) });
  });
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, getEventListeners(signal, 'abort').length)), 5);
  const summaries = await Promise.all(downloads).finally(() => clearInterval(looking));
  expect(summaries.map(({ downloaded }) => downloaded)).toEqual(summaries.map(() => MANY));
  expect(most).toBe(0);
});

test('it ends them all, also one that was given before', async () => {
  await putUnsettled();
  const controller = new AbortController();
  const reason = new Error('enough');
  const downloads = Array.from({ length: MANY }, (_, i) =>
    client(controller.signal).download(undefined, { output: join(base, `.out-${i}`) }),
  );
  controller.abort(reason);
  downloads.push(client(controller.signal).download(undefined, { output: join(base, '.out') }));
  for (const one of await Promise.allSettled(downloads))
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'ABORTED', cause: reason } });
});
