import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connect,
  newProgress,
  serve,
  type Client,
  type ConnectOptions,
  type DownloadOptions,
  type DownloadResult,
  type ServeHandle,
} from './index';
import { FaultProxy } from './testing/fault-proxy';

const MIB = 1_048_576;

let base: string;
let images: string;
let output: string;
let server: ServeHandle;
let proxy: FaultProxy | undefined;
const clients: Client[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  await mkdir(images);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await proxy?.close();
  proxy = undefined;
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

function client(options: ConnectOptions = {}): Client {
  const made = connect({ port: proxy?.port ?? server.port, ...options });
  clients.push(made);
  return made;
}

async function image(name: string, bytes: Buffer = randomBytes(100)): Promise<Buffer> {
  await mkdir(join(images, name, '..'), { recursive: true });
  await writeFile(join(images, name), bytes);
  return bytes;
}

async function get(
  names: string[] | undefined,
  options: DownloadOptions & { connect?: ConnectOptions } = {},
): Promise<Record<string, DownloadResult>> {
  const results: Record<string, DownloadResult> = {};
  await client(options.connect).download(names, {
    output,
    ...options,
    onResult: (result) => (results[result.name] = result),
  });
  return results;
}

const local = (name: string) => readFile(join(output, name));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('download', () => {
  const edges = [0, 1, 65_536, 262_144, MIB, 4 * MIB].flatMap((size) => [size - 1, size, size + 1]);

  test('brings every size around every buffer and block, byte for byte, and leaves nothing else', async () => {
    const sizes = [...new Set(edges.filter((size) => size >= 0))];
    const sent = new Map<string, Buffer>();
    for (const size of sizes) sent.set(`${size}.jpg`, await image(`${size}.jpg`, randomBytes(size)));
    const results = await get(undefined);
    expect(Object.values(results).map(({ outcome }) => outcome)).toEqual(sizes.map(() => 'downloaded'));
    for (const [name, bytes] of sent) {
      expect((await local(name)).equals(bytes)).toBe(true);
      expect(results[name]).toMatchObject({
        size: bytes.length,
        sha256: sha256(bytes),
        bytesReceived: bytes.length,
        resumedFrom: 0,
        attempts: 1,
      });
    }
    expect((await readdir(output)).sort()).toEqual([...sent.keys()].sort());
  });

  test('a string is one name', async () => {
    const bytes = await image('img.jpg');
    await image('other.jpg');
    expect(await client().download('img.jpg', { output })).toMatchObject({ downloaded: 1, failed: 0 });
    expect((await local('img.jpg')).equals(bytes)).toBe(true);
  });

  test('keeps paths, names and modification times', async () => {
    const names = [
      'a/b/c.jpg',
      'blue hour.jpg',
      'Zürich – 山.webp',
      '-o.png',
      'new\nline.gif',
      'back\\slash.png',
    ];
    for (const name of names) {
      await image(name);
      await utimes(join(images, name), 1_500_000_000.25, 1_500_000_000.25);
    }
    await get(undefined);
    for (const name of names) {
      const theirs = await stat(join(images, name), { bigint: true });
      const ours = await stat(join(output, name), { bigint: true });
      expect(ours.mtimeNs / 1000n).toBe(theirs.mtimeNs / 1000n);
    }
  });

  test('an identical file is not fetched again, a different one is not replaced unless that is asked for', async () => {
    const bytes = await image('a.jpg', randomBytes(5000));
    await get(['a.jpg']);
    expect((await get(['a.jpg']))['a.jpg']).toMatchObject({
      outcome: 'identical',
      bytesReceived: 0,
      sha256: sha256(bytes),
    });
    await writeFile(join(output, 'a.jpg'), 'mine');
    expect((await get(['a.jpg']))['a.jpg']).toMatchObject({
      outcome: 'failed',
      code: 'EXISTS',
      bytesReceived: 0,
    });
    expect((await local('a.jpg')).toString()).toBe('mine');
    expect((await get(['a.jpg'], { overwrite: true }))['a.jpg']?.outcome).toBe('downloaded');
    expect((await local('a.jpg')).equals(bytes)).toBe(true);
  });

  test('an exact name beats a glob, a folder means all in it, a glob stops at a slash', async () => {
    for (const name of ['a[1].jpg', 'a1.jpg', 'f/x.jpg', 'f/g/y.jpg', 'z.png']) await image(name);
    expect(Object.keys(await get(['a[1].jpg']))).toEqual(['a[1].jpg']);
    expect(Object.keys(await get(['f'], { output: join(base, '1') })).sort()).toEqual([
      'f/g/y.jpg',
      'f/x.jpg',
    ]);
    expect(Object.keys(await get(['f/'], { output: join(base, '2') })).sort()).toEqual([
      'f/g/y.jpg',
      'f/x.jpg',
    ]);
    expect(Object.keys(await get(['*.jpg'], { output: join(base, '3') })).sort()).toEqual([
      'a1.jpg',
      'a[1].jpg',
    ]);
    expect(Object.keys(await get(['f'], { output: join(base, '1') })).sort()).toEqual([
      'f/g/y.jpg',
      'f/x.jpg',
    ]);
  });

  test.each(['nope.jpg', '../out', '/etc/passwd', '.hidden.jpg', 'nope/*.jpg', 'a\0.jpg', 'link.jpg'])(
    'where the server has no %j, nothing is made here',
    async (name) => {
      await symlink('/etc/hostname', join(images, 'link.jpg'));
      expect((await get([name]))[name]).toMatchObject({ outcome: 'failed', code: 'NOT_FOUND' });
      expect(existsSync(output)).toBe(false);
    },
  );

  test('goes on after a cut where it stopped, as often as there is progress', async () => {
    const bytes = await image('big.jpg', randomBytes(8 * MIB));
    proxy = (await FaultProxy.start({ port: server.port })).cutAfter(3 * MIB, 2 * MIB, MIB);
    const result = (await get(['big.jpg'], { connect: { connections: 1, retries: 1 } }))['big.jpg'];
    expect(result).toMatchObject({ outcome: 'downloaded', bytesReceived: bytes.length, attempts: 4 });
    expect(result!.resumedFrom).toBeGreaterThan(5 * MIB);
    expect((await local('big.jpg')).equals(bytes)).toBe(true);
  });

  test('a later run goes on from what an earlier one had', async () => {
    const bytes = await image('big.jpg', randomBytes(8 * MIB));
    proxy = (await FaultProxy.start({ port: server.port })).cutAfter(5 * MIB);
    const first = (await get(['big.jpg'], { connect: { connections: 1, retries: 0 } }))['big.jpg'];
    expect(first).toMatchObject({ outcome: 'failed', code: 'DISCONNECTED' });
    expect(existsSync(join(output, 'big.jpg'))).toBe(false);
    const second = (await get(['big.jpg'], { connect: { port: server.port } }))['big.jpg'];
    expect(second).toMatchObject({ outcome: 'downloaded', resumedFrom: first!.bytesReceived });
    expect(second!.bytesReceived).toBe(bytes.length - first!.bytesReceived);
    expect((await local('big.jpg')).equals(bytes)).toBe(true);
    expect(await readdir(output)).toEqual(['big.jpg']);
  });

  test('what came of an image that has changed since is thrown away', async () => {
    await image('big.jpg', randomBytes(8 * MIB));
    proxy = (await FaultProxy.start({ port: server.port })).cutAfter(5 * MIB);
    await get(['big.jpg'], { connect: { connections: 1, retries: 0 } });
    const bytes = await image('big.jpg', randomBytes(7 * MIB));
    const result = (await get(['big.jpg'], { connect: { port: server.port } }))['big.jpg'];
    expect(result).toMatchObject({ outcome: 'downloaded', resumedFrom: 0, bytesReceived: bytes.length });
    expect((await local('big.jpg')).equals(bytes)).toBe(true);
  });

  test('a partial that was damaged meanwhile is not trusted', async () => {
    const bytes = await image('big.jpg', randomBytes(8 * MIB));
    proxy = (await FaultProxy.start({ port: server.port })).cutAfter(5 * MIB);
    await get(['big.jpg'], { connect: { connections: 1, retries: 0 } });
    const part = (await readdir(join(output, '.reso'))).find((name) => name.endsWith('.part'));
    const file = await open(join(output, '.reso', part!), 'r+');
    await file.write(Buffer.from('damage'), 0, 6, 1000);
    await file.close();
    const result = (await get(['big.jpg'], { connect: { port: server.port } }))['big.jpg'];
    expect(result).toMatchObject({ outcome: 'downloaded', attempts: 2 });
    expect((await local('big.jpg')).equals(bytes)).toBe(true);
  });

  test('a bit that was turned on the way never gets under the final name', async () => {
    const bytes = await image('a.jpg', randomBytes(100_000));
    proxy = (await FaultProxy.start({ port: server.port })).flipAt(50_000);
    const result = (await get(['a.jpg']))['a.jpg'];
    expect(result).toMatchObject({ outcome: 'downloaded', attempts: 2 });
    expect((await local('a.jpg')).equals(bytes)).toBe(true);
  });

  test('a server that does not greet is given up after the time-out, and tried again', async () => {
    await image('a.jpg');
    proxy = (await FaultProxy.start({ port: server.port })).stall();
    const result = (await get(['a.jpg'], { connect: { timeout: 1, retries: 1 } }))['a.jpg'];
    expect(result).toMatchObject({ outcome: 'failed', code: 'UNREACHABLE' });
    expect(proxy.connections).toBe(2);
  });

  test('two clients that write one target leave one intact file', async () => {
    const bytes = await image('big.jpg', randomBytes(16 * MIB));
    const results = await Promise.all([get(['big.jpg']), get(['big.jpg']), get(['big.jpg'])]);
    for (const result of results) expect(result['big.jpg']).toMatchObject({ outcome: 'downloaded' });
    expect((await local('big.jpg')).equals(bytes)).toBe(true);
    expect(await readdir(output)).toEqual(['big.jpg']);
  });

  test('an interruption keeps what came', async () => {
    await image('big.jpg', randomBytes(32 * MIB));
    const abort = new AbortController();
    const progress = newProgress();
    const results: DownloadResult[] = [];
    const watched = new Proxy(progress, {
      set(target, key, value) {
        if (key === 'bytesDone' && value > 4 * MIB) abort.abort();
        return Reflect.set(target, key, value);
      },
    });
    const done = client({ connections: 1, signal: abort.signal }).download(['big.jpg'], {
      output,
      progress: watched,
      onResult: (result) => results.push(result),
    });
    await expect(done).rejects.toMatchObject({ code: 'ABORTED' });
    expect(results).toMatchObject([{ outcome: 'failed', code: 'ABORTED' }]);
    const again = (await get(['big.jpg']))['big.jpg'];
    expect(again!.resumedFrom).toBeGreaterThanOrEqual(4 * MIB);
  });

  test('a name that is a folder here is left alone', async () => {
    await image('a.jpg');
    await mkdir(join(output, 'a.jpg'), { recursive: true });
    expect((await get(['a.jpg'], { overwrite: true }))['a.jpg']).toMatchObject({
      outcome: 'failed',
      code: 'EXISTS',
    });
  });

  test('an image that grows while it is sent is fetched again, whole', async () => {
    await image('big.jpg', randomBytes(24 * MIB));
    let grown = false;
    const progress = newProgress();
    const watched = new Proxy(progress, {
      set(target, key, value) {
        if (key === 'bytesDone' && value > MIB && !grown) {
          grown = true;
          void appendFile(join(images, 'big.jpg'), 'more');
        }
        return Reflect.set(target, key, value);
      },
    });
    const result = (await get(['big.jpg'], { progress: watched }))['big.jpg'];
    expect(result).toMatchObject({ outcome: 'downloaded', size: 24 * MIB + 4 });
    expect((await local('big.jpg')).equals(await readFile(join(images, 'big.jpg')))).toBe(true);
  });

  test('a server that was started again on the same port is found again', async () => {
    const bytes = await image('big.jpg', randomBytes(32 * MIB));
    const { port } = server;
    let restarted: Promise<ServeHandle> | undefined;
    const restart = () =>
      server.close({ grace: 0 }).then(() => serve({ folder: images, port, host: '127.0.0.1' }));
    const progress = new Proxy(newProgress(), {
      set(target, key, value) {
        if (key === 'bytesDone' && value > MIB) restarted ??= restart();
        return Reflect.set(target, key, value);
      },
    });
    const result = (await get(['big.jpg'], { progress, connect: { connections: 1, retries: 8 } }))['big.jpg'];
    server = await restarted!;
    expect(result).toMatchObject({ outcome: 'downloaded' });
    expect(result!.attempts).toBeGreaterThan(1);
    expect((await local('big.jpg')).equals(bytes)).toBe(true);
  });

  test('nobody there: UNREACHABLE, with the address', async () => {
    const { port } = server;
    await server.close();
    const result = (await get(['a.jpg'], { connect: { port, retries: 0 } }))['a.jpg'];
    expect(result).toMatchObject({ outcome: 'failed', code: 'UNREACHABLE' });
    expect(result!.error!.message).toContain(`127.0.0.1:${port}`);
    expect(existsSync(output)).toBe(false);
  });
});

describe('the other calls', () => {
  test('list goes through pages of any number, in byte order', async () => {
    const names = Array.from({ length: 2500 }, (_, i) => `${i}.jpg`);
    await Promise.all(names.map((name) => writeFile(join(images, name), name)));
    const listed: string[] = [];
    for await (const { name } of client().list()) listed.push(name);
    expect(listed).toEqual([...names].sort());
  });

  test('read gives a range, and a whole image verified', async () => {
    const bytes = await image('a.jpg', randomBytes(3 * MIB));
    const collect = async (range = {}) => {
      const parts: Buffer[] = [];
      for await (const part of client().read('a.jpg', range)) parts.push(part);
      return Buffer.concat(parts);
    };
    expect((await collect()).equals(bytes)).toBe(true);
    expect((await collect({ offset: 5, length: MIB })).equals(bytes.subarray(5, MIB + 5))).toBe(true);
    expect((await collect({ offset: 3 * MIB })).length).toBe(0);
    await expect(collect({ offset: 3 * MIB + 1 })).rejects.toMatchObject({ code: 'BAD_RANGE' });
  });

  test('digests are those of the image and of its blocks', async () => {
    const bytes = await image('a.jpg', randomBytes(2 * MIB + 7));
    const proof = await client().digests('a.jpg', { first: 1, count: 10 });
    expect(proof).toMatchObject({
      sha256: sha256(bytes),
      blockSize: MIB,
      first: 1,
      blocks: [sha256(bytes.subarray(MIB, 2 * MIB)), sha256(bytes.subarray(2 * MIB))],
    });
  });

  test('stat and ping', async () => {
    await image('a.jpg', Buffer.alloc(12));
    expect(await client().stat('a.jpg')).toMatchObject({ name: 'a.jpg', size: 12 });
    await expect(client().stat('b.jpg')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await client().ping()).toBeGreaterThan(0);
  });

  test('survey counts what is left out', async () => {
    await image('a.jpg', Buffer.alloc(12));
    await writeFile(join(images, 'notes.txt'), 'no image');
    await rename(join(images, 'notes.txt'), join(images, '.notes.txt'));
    expect(await server.survey()).toMatchObject({ images: 1, bytes: 12, leftOut: { hidden: 1 } });
  });

  test('options out of their limits are refused', () => {
    expect(() => connect({ port: 0 })).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
    expect(() => connect({ connections: 65 })).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
    expect(() => connect({ timeout: Number.NaN })).toThrow(
      expect.objectContaining({ code: 'USAGE' }) as Error,
    );
  });
});
