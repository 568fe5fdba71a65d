import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type Client, type DownloadResult, type ServeHandle } from '../..';

let folder: string;
let server: ServeHandle;
let client: Client;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'reso-settled-')));
  server = await serve({ folder, host: '127.0.0.1', port: 0 });
  client = connect({ host: '127.0.0.1', port: server.port, retries: 2 });
});
afterEach(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(folder, { recursive: true, force: true });
});

const served = () => join(folder, 'a.jpg');
const output = () => join(folder, '.out');

async function get(names: string[] | undefined): Promise<DownloadResult> {
  const results: DownloadResult[] = [];
  await client.download(names, { output: output(), onResult: (result) => results.push(result) });
  expect(results).toHaveLength(1);
  return results[0]!;
}

/** Writes the image again and again until it is stopped. */
function keepWriting(): { stop(): Promise<void> } {
  let goesOn = true;
  const writing = (async () => {
    for (let i = 0; goesOn; i++) {
      await writeFile(served(), `not yet ${i}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await writeFile(served(), 'done');
  })();
  return { stop: () => ((goesOn = false), writing) };
}

async function untilListedUnsettled(): Promise<void> {
  while (!(await client.stat('a.jpg').catch(() => undefined))?.unsettled) await Promise.resolve();
}

test('what is being written is listed as unsettled, and no longer a second after its last change', async () => {
  // A file's time is that of the last tick, which may lie before the server's start.
  do await writeFile(served(), 'image');
  while (!(await client.stat('a.jpg')).unsettled);
  while ((await client.stat('a.jpg')).unsettled) await new Promise((resolve) => setTimeout(resolve, 20));
  for await (const entry of client.list()) expect(entry.unsettled).toBeUndefined();
});

test('an image of a list is fetched once it has settled', async () => {
  const writing = keepWriting();
  await untilListedUnsettled();
  const downloaded = get(undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await writing.stop();
  expect(await downloaded).toMatchObject({ outcome: 'downloaded', size: 4 });
  expect(await readFile(join(output(), 'a.jpg'), 'utf8')).toBe('done');
});

test('one that never settles is CHANGED; asked for by its name, it comes as it is', async () => {
  const writing = keepWriting();
  await untilListedUnsettled();
  expect(await get(undefined)).toMatchObject({ outcome: 'failed', code: 'CHANGED' });
  await writing.stop();
  expect(await get(['a.jpg'])).toMatchObject({ outcome: 'downloaded', size: 4 });
});
