import { randomBytes } from 'node:crypto';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, newProgress, serve, type Client, type DownloadResult, type ServeHandle } from './index';
import { FaultProxy } from './testing/fault-proxy';

const MIB = 1_048_576;
const SIZE = 24 * MIB;

let base: string;
let output: string;
let source: string;
let server: ServeHandle;
let client: Client;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  output = join(base, 'out');
  source = join(base, 'images', 'big.jpg');
  await mkdir(join(base, 'images'));
  await writeFile(source, randomBytes(SIZE));
  await writeFile(join(base, 'next'), randomBytes(SIZE));
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
  client = connect({ port: server.port });
});

afterEach(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

/** Downloads the image, and calls `change` once in the middle of it. */
async function getWhile(change: () => Promise<unknown>): Promise<DownloadResult> {
  let changing: Promise<unknown> | undefined;
  const progress = new Proxy(newProgress(), {
    set(target, key, value) {
      if (key === 'bytesDone' && value > MIB) changing ??= change();
      return Reflect.set(target, key, value);
    },
  });
  let result!: DownloadResult;
  await client.download(['big.jpg'], { output, progress, onResult: (one) => (result = one) });
  await changing;
  return result;
}

/** Ready before, so that putting it there takes no time in which a delivery could end. */
const replace = () => rename(join(base, 'next'), source);

test.each<[string, () => Promise<unknown>]>([
  ['shortened', () => truncate(source, 20 * MIB + 1)],
  ['cut to nothing', () => truncate(source, 0)],
  ['grown', () => appendFile(source, 'more')],
  ['replaced', replace],
])('an image that is %s while it is sent is fetched again, whole', async (_, change) => {
  const result = await getWhile(change);
  const now = await readFile(source);
  expect(result).toMatchObject({ outcome: 'downloaded', size: now.length });
  expect((await readFile(join(output, 'big.jpg'))).equals(now)).toBe(true);
  expect(await readdir(output)).toEqual(['big.jpg']);
});

test('an image that is deleted while it is sent is not there, in whole or in part', async () => {
  const result = await getWhile(() => unlink(source));
  expect(result).toMatchObject({ outcome: 'failed', code: 'NOT_FOUND' });
  expect((await readdir(output)).filter((name) => name !== '.reso')).toEqual([]);
});

test('an image swapped for one of the same size and time before a resume is not mixed with it', async () => {
  const proxy = (await FaultProxy.start({ port: server.port })).cutAfter(5 * MIB);
  const cut = connect({ port: proxy.port, connections: 1, retries: 0 });
  await cut.download(['big.jpg'], { output });
  cut.close();
  await proxy.close();
  expect(await readdir(output)).toEqual(['.reso']);
  const { atime, mtime } = await stat(source);
  await replace();
  await utimes(source, atime, mtime);
  const result = await getWhile(() => Promise.resolve());
  expect(result).toMatchObject({ outcome: 'downloaded', resumedFrom: 0 });
  expect((await readFile(join(output, 'big.jpg'))).equals(await readFile(source))).toBe(true);
  expect(await readdir(output)).toEqual(['big.jpg']);
});
