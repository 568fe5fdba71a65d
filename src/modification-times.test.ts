import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type Client, type ServeHandle } from './index';

/** As text, for Node takes a negative number for now. */
const TIMES = ['-1356912000.25', '-1.5', '-1', '-0.000001', '0', '0.000001', '2147483648', '4102444800.5'];
/** Of an image that comes in one message, of one that is written as it comes, and of one that comes in parts. */
const SIZES = [100, 300_000, 4_000_000];

let base: string;
let images: string;
let output: string;
let server: ServeHandle;
let client: Client;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-times-'));
  images = join(base, 'images');
  await mkdir(images);
  for (const size of SIZES) {
    for (const [i, time] of TIMES.entries()) {
      const path = join(images, `${size}-${i}.jpg`);
      await writeFile(path, randomBytes(size));
      await utimes(path, time, time);
    }
  }
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  client = connect({ port: server.port });
});

beforeEach(async () => {
  output = await mkdtemp(join(base, 'out-'));
});

afterAll(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

/** In microseconds, rounded down. */
async function timesIn(folder: string): Promise<Record<string, bigint>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jpg'));
  const times = names.map(async (name) => {
    const { mtimeNs } = await stat(join(folder, name), { bigint: true });
    return [name, mtimeNs / 1000n - (mtimeNs % 1000n < 0n ? 1n : 0n)] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

test('the list tells times of before 1970 and after 2038', async () => {
  const listed: Record<string, bigint> = {};
  for await (const { name, mtime } of client.list()) listed[name] = BigInt(mtime);
  expect(listed).toEqual(await timesIn(images));
  expect(listed).toMatchObject({
    '100-1.jpg': -1_500_000n,
    '100-3.jpg': -1n,
    '100-6.jpg': 2_147_483_648_000_000n,
  });
});

test('download keeps them', async () => {
  await client.download(undefined, { output });
  expect(await timesIn(output)).toEqual(await timesIn(images));
});

test('sync keeps them, and knows what it brought', async () => {
  await client.sync(output);
  expect(await timesIn(output)).toEqual(await timesIn(images));
  const outcomes: unknown[] = [];
  await client.sync(output, {
    onResult: ({ name, outcome, attempts }) => outcomes.push([name, outcome, attempts]),
  });
  expect(outcomes).toHaveLength(SIZES.length * TIMES.length);
  // Without an attempt: the index vouches for it.
  expect(new Set(outcomes.map((one) => JSON.stringify((one as unknown[]).slice(1))))).toEqual(
    new Set(['["identical",0]']),
  );
});

test('verify with repair gives them to what it mends and to what it brings', async () => {
  await client.download(undefined, { output });
  const large = TIMES.map((_, i) => join(output, `${SIZES[2]}-${i}.jpg`));
  for (const path of large) await damage(path);
  await rm(join(output, `${SIZES[0]}-1.jpg`));
  const { repaired } = await client.verify({ folder: output, repair: true });
  expect(repaired).toBe(large.length + 1);
  expect(await timesIn(output)).toEqual(await timesIn(images));
});

/** One block of it, so that the others stay. */
async function damage(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[5]! ^= 1;
  await writeFile(path, bytes);
}
