import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  connect,
  openLock,
  serve,
  type Client,
  type DownloadResult,
  type ServeHandle,
  type VerifyOptions,
  type VerifyResult,
} from '../../../index';

const MIB = 1_048_576;

let base: string;
let images: string;
let here: string;
let server: ServeHandle;
let client: Client;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  here = join(base, 'here');
  await mkdir(images);
  await mkdir(here);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  client = connect({ port: server.port, retries: 2 });
});

afterEach(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(folder: string, name: string, bytes: Buffer | string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), bytes);
}

async function both(name: string, bytes: Buffer | string = name): Promise<void> {
  await put(images, name, bytes);
  await put(here, name, bytes);
}

async function verify(options: VerifyOptions = {}): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  const onResult = ({ name, outcome, code }: VerifyResult) => (outcomes[name] = code ?? outcome);
  await client.verify({ folder: here, ...options, onResult });
  return outcomes;
}

async function lockFile(): Promise<string> {
  let text = '';
  for await (const piece of client.lock()) text += piece;
  await writeFile(join(base, 'images.lock'), text);
  return join(base, 'images.lock');
}

describe('verify', () => {
  test('of a part: what is out of it is neither missing nor extra', async () => {
    for (const name of ['a/1.jpg', 'a/2.jpg', 'b/1.jpg']) await put(images, name, name);
    await put(here, 'a/1.jpg', 'a/1.jpg');
    await put(here, 'a/mine.jpg', 'x');
    await put(here, 'b/mine.jpg', 'x');
    expect(await verify({ include: ['a'], exclude: ['a/2*'] })).toEqual({
      'a/1.jpg': 'ok',
      'a/mine.jpg': 'extra',
    });
    const locked = await openLock(await lockFile());
    expect(await verify({ locked, exclude: ['a/2.jpg', 'b'] })).toEqual({
      'a/1.jpg': 'ok',
      'a/mine.jpg': 'extra',
    });
    expect(await verify({ include: ['b'], repair: true })).toEqual({
      'b/1.jpg': 'repaired',
      'b/mine.jpg': 'extra',
    });
    expect(await readdir(join(here, 'a'))).toEqual(['1.jpg', 'mine.jpg']);
  });

  test('a folder that is not there is named, unless it is to be filled', async () => {
    await put(images, 'a.jpg', 'a');
    const nowhere = join(base, 'nowhere');
    await expect(verify({ folder: nowhere })).rejects.toMatchObject({
      code: 'FOLDER',
      message: expect.stringContaining(`The folder ${nowhere} does not exist.`),
    });
    expect(await verify({ folder: nowhere, repair: true })).toEqual({ 'a.jpg': 'repaired' });
  });

  test('ok, missing, damaged, extra, in byte order', async () => {
    for (const name of ['a-b.jpg', 'a/b.jpg', 'z.jpg']) await both(name);
    await put(images, 'gone.jpg', 'x');
    await put(images, 'short.jpg', 'xyz');
    await put(here, 'short.jpg', 'xy');
    await put(images, 'turned.jpg', 'xyz');
    await put(here, 'turned.jpg', 'xyZ');
    for (const name of ['a/extra.jpg', 'zz.png', 'notes.txt', '.reso/x.jpg', '.h.jpg'])
      await put(here, name, 'x');
    const outcomes = await verify();
    expect(outcomes).toEqual({
      'a-b.jpg': 'ok',
      'a/b.jpg': 'ok',
      'a/extra.jpg': 'extra',
      'gone.jpg': 'missing',
      'short.jpg': 'damaged',
      'turned.jpg': 'damaged',
      'z.jpg': 'ok',
      'zz.png': 'extra',
    });
    expect(Object.keys(outcomes)).toEqual(Object.keys(outcomes).sort());
  });

  test('nothing behind a link counts', async () => {
    await both('a/x.jpg');
    await put(images, 'b/x.jpg', 'a/x.jpg');
    await put(images, 'c.jpg', 'a/x.jpg');
    await symlink('a', join(here, 'b'));
    await symlink('a/x.jpg', join(here, 'c.jpg'));
    expect(await verify()).toEqual({ 'a/x.jpg': 'ok', 'b/x.jpg': 'missing', 'c.jpg': 'damaged' });
  });

  test('against a lock file nobody is asked', async () => {
    for (const name of ['a.jpg', 'b\\c\n.jpg', '#d.jpg']) await both(name);
    const path = await lockFile();
    await server.close({ grace: 0 });
    await put(here, 'a.jpg', 'A.jpg');
    const locked = await openLock(path);
    expect(await verify({ locked })).toEqual({ '#d.jpg': 'ok', 'a.jpg': 'damaged', 'b\\c\n.jpg': 'ok' });
  });
});

describe('lock', () => {
  test('name, size and digest, in byte order, the same each time', async () => {
    for (const name of ['b.jpg', 'a/b.jpg', 'a-b.jpg']) await put(images, name, name);
    const path = await lockFile();
    const text = await readFile(path, 'utf8');
    const line = (name: string) =>
      `${name}\t${name.length}\t${createHash('sha256').update(name).digest('hex')}\n`;
    expect(text).toBe(`# reso lock 1\n${['a-b.jpg', 'a/b.jpg', 'b.jpg'].map(line).join('')}`);
    expect(await readFile(await lockFile(), 'utf8')).toBe(text);
  });

  test('a file that was cut off is none', async () => {
    for (const name of ['a.jpg', 'b.jpg']) await put(images, name, name);
    const path = await lockFile();
    const text = await readFile(path, 'utf8');
    for (const end of [text.length - 1, text.length - 10]) {
      await writeFile(path, text.slice(0, end));
      await expect(openLock(path)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('line 3') as string,
      });
    }
    await expect(openLock('/dev/null')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('device') as string,
    });
    await expect(openLock(`${path}.not`)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('verify with repair', () => {
  test('of a damaged file only the blocks that differ come', async () => {
    const bytes = randomBytes(4 * MIB + 7);
    await put(images, 'a/big.jpg', bytes);
    await utimes(join(images, 'a/big.jpg'), 1_600_000_000, 1_600_000_000);
    const damaged = Buffer.from(bytes);
    damaged[MIB + 5]! ^= 1;
    damaged[4 * MIB + 6]! ^= 1;
    await put(here, 'a/big.jpg', damaged);
    const results: VerifyResult[] = [];
    const summary = await client.verify({
      folder: here,
      repair: true,
      onResult: (result) => results.push(result),
    });
    expect(results).toMatchObject([{ outcome: 'repaired', bytesReceived: MIB + 7 }]);
    expect(summary).toMatchObject({ repaired: 1, damaged: 0, bytesReceived: MIB + 7 });
    expect((await readFile(join(here, 'a/big.jpg'))).equals(bytes)).toBe(true);
    expect((await stat(join(here, 'a/big.jpg'))).mtimeMs).toBe(1_600_000_000_000);
    expect(await readdir(here)).toEqual(['a']);
  });

  test.each([
    ['a piece is missing at the end', (bytes: Buffer) => bytes.subarray(0, 3 * MIB - 1), 2 * MIB],
    ['something was appended', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('xyz')]), 0],
    ['more than half is missing', (bytes: Buffer) => bytes.subarray(0, MIB), 4 * MIB],
  ])('only the blocks that differ come where %s, within reason', async (_, spoil, bytesReceived) => {
    const bytes = randomBytes(4 * MIB);
    await put(images, 'big.jpg', bytes);
    await put(here, 'big.jpg', spoil(bytes));
    const summary = await client.verify({ folder: here, repair: true });
    expect(summary).toMatchObject({ repaired: 1, bytesReceived });
    expect((await readFile(join(here, 'big.jpg'))).equals(bytes)).toBe(true);
  });

  test('what is missing, or was nothing like it, comes whole; what is extra stays', async () => {
    for (const name of ['a.jpg', 'b/c.jpg', 'd[1].jpg']) await put(images, name, name);
    await put(here, 'a.jpg', 'another size');
    await put(here, 'x.jpg', 'x');
    expect(await verify({ repair: true })).toEqual({
      'a.jpg': 'repaired',
      'b/c.jpg': 'repaired',
      'd[1].jpg': 'repaired',
      'x.jpg': 'extra',
    });
    expect(await verify()).toEqual({ 'a.jpg': 'ok', 'b/c.jpg': 'ok', 'd[1].jpg': 'ok', 'x.jpg': 'extra' });
  });

  test('with a lock only what it names is put here', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) await put(images, name, `1 ${name}`);
    const locked = await openLock(await lockFile());
    await put(here, 'a.jpg', 'x a.jpg');
    await put(here, 'b.jpg', 'x b.jpg');
    await put(images, 'b.jpg', '2 b.jpg');
    await put(images, 'c.jpg', '2 c.jpg');
    expect(await verify({ locked, repair: true })).toEqual({
      'a.jpg': 'repaired',
      'b.jpg': 'LOCKED',
      'c.jpg': 'LOCKED',
      'd.jpg': 'repaired',
    });
    expect(await readFile(join(here, 'b.jpg'), 'utf8')).toBe('x b.jpg');
    expect((await readdir(here)).sort()).toEqual(['a.jpg', 'b.jpg', 'd.jpg']);
  });
});

describe('download of a locked state', () => {
  async function get(names: string[] | undefined, path: string): Promise<Record<string, string>> {
    const outcomes: Record<string, string> = {};
    const onResult = ({ name, outcome, code }: DownloadResult) => (outcomes[name] = code ?? outcome);
    await client.download(names, { output: here, locked: await openLock(path), onResult });
    return outcomes;
  }

  test('delivers that state, and says what differs', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']) await put(images, name, name);
    await put(images, 'big.jpg', randomBytes(3 * MIB));
    const path = await lockFile();
    await put(images, 'b.jpg', 'B.jpg');
    await rm(join(images, 'c.jpg'));
    await put(images, 'new.jpg', 'x');
    await put(here, 'd.jpg', 'd.jpg');
    expect(await get(undefined, path)).toEqual({
      'a.jpg': 'downloaded',
      'b.jpg': 'LOCKED',
      'big.jpg': 'downloaded',
      'c.jpg': 'LOCKED',
      'd.jpg': 'identical',
    });
    expect((await readdir(here)).sort()).toEqual(['a.jpg', 'big.jpg', 'd.jpg']);
  });

  test('names, folders and globs select from the lock', async () => {
    for (const name of ['a[1].jpg', 'a1.jpg', 'f/x.jpg', 'f/g/y.jpg']) await put(images, name, name);
    const path = await lockFile();
    await put(images, 'z.jpg', 'x');
    expect(await get(['a[1].jpg', 'f'], path)).toEqual({
      'a[1].jpg': 'downloaded',
      'f/g/y.jpg': 'downloaded',
      'f/x.jpg': 'downloaded',
    });
    expect(await get(['*.jpg', 'z.jpg', '['], path)).toEqual({
      'a1.jpg': 'downloaded',
      'a[1].jpg': 'identical',
      'z.jpg': 'BAD_NAME',
      '[': 'BAD_NAME',
    });
  });
});
