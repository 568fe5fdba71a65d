import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Block } from '../../connection/blocks';
import { systemCode } from '../../errors';
import { FileWriter } from './file-writer';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'reso-'))));
afterEach(() => rm(folder, { recursive: true }));

test('writes what is pushed, in order, also before the file is open', async () => {
  const path = join(folder, 'a');
  const file = open(path, 'wx');
  const writer = new FileWriter(file, 0, () => undefined);
  const parts = Array.from({ length: 500 }, (_, i) => Buffer.from(`${i},`));
  parts.forEach((part) => writer.push(part));
  await writer.flush();
  await (await file).close();
  expect(await readFile(path, 'utf8')).toBe(parts.join(''));
});

test('a short write is gone on with where it stopped', async () => {
  const path = join(folder, 'a');
  const file = await open(path, 'wx');
  const whole = file.writev.bind(file);
  // What a disk that is nearly full does: it takes a part, and says so only in the count.
  file.writev = ((buffers: readonly Buffer[], position: number) =>
    whole([Buffer.concat(buffers).subarray(0, 3)], position)) as typeof file.writev;
  const writer = new FileWriter(Promise.resolve(file), 0, () => undefined);
  writer.push(Buffer.from('abcdefgh'));
  writer.push(Buffer.from('ijk'));
  await writer.flush();
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('abcdefghijk');
});

test('what can not be written is given back, also what comes later', async () => {
  const file = await open('/dev/full', 'w');
  const writer = new FileWriter(Promise.resolve(file), 0, () => undefined);
  const block = Block.take();
  const pieces = Array.from({ length: 3 }, (_, i) => block.room()!.subarray(10 * i, 10 * i + 10));
  block.received(30);
  block.close();
  writer.push(pieces[0]!);
  writer.push(pieces[1]!);
  await expect(writer.flush()).rejects.toThrow('ENOSPC');
  writer.push(pieces[2]!);
  expect(Block.take()).toBe(block);
  await file.close();
});

test('a full disk shows in flush, and nothing more is queued', async () => {
  const file = await open('/dev/full', 'w');
  const writer = new FileWriter(Promise.resolve(file), 0, () => undefined);
  writer.push(Buffer.alloc(10));
  const error = await writer.flush().catch((cause: unknown) => cause);
  expect(systemCode(error)).toBe('ENOSPC');
  writer.push(Buffer.alloc(10));
  expect(writer.queuedBytes).toBe(0);
  await file.close();
});
