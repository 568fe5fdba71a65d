import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Partial } from './partial';
import { formatNote, parseNote, type PartialNote } from './partial-note';
import { WorkFolder, workKey } from './work-folder';

const MIB = 1_048_576;
const NAME = 'a/b.jpg';
const bytes = Buffer.alloc(2 * MIB, 'reso');
const note: PartialNote = {
  name: NAME,
  server: '127.0.0.1:5005',
  size: 3 * MIB,
  mtime: 1_600_000_000_123_000,
  version: 'v1',
};

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'reso-'))));
afterEach(() => rm(folder, { recursive: true }));

const files = () => readdir(join(folder, '.reso')).catch(() => []);

async function leaveBehind(kept = bytes, as = note): Promise<void> {
  const work = new WorkFolder(folder);
  const partial = Partial.begin(work, as);
  partial.append(kept);
  await partial.keep();
  await work.leave();
}

test('a partial becomes the image, with its time, and leaves nothing', async () => {
  const work = new WorkFolder(folder);
  const partial = Partial.begin(work, { ...note, size: bytes.length });
  partial.append(bytes.subarray(0, 7));
  partial.append(bytes.subarray(7));
  await partial.flush();
  expect(await partial.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  // A try that failed behind it is made again.
  expect(await partial.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  await partial.commit(join(folder, 'b.jpg'));
  await work.leave();
  expect((await readFile(join(folder, 'b.jpg'))).equals(bytes)).toBe(true);
  expect((await stat(join(folder, 'b.jpg'))).mtimeMs).toBe(1_600_000_000_123);
  expect(await readdir(folder)).toEqual(['b.jpg']);
});

test('a killed run loses nothing that had been written after a gap', async () => {
  const work = new WorkFolder(folder);
  const killed = Partial.begin(work, note);
  killed.append(bytes.subarray(0, MIB));
  const others = await open(await killed.openUp(), 'r+');
  await others.write(bytes, MIB, MIB / 2, 2 * MIB);
  await others.close();
  await killed.wrote({ start: 2 * MIB, end: 2.5 * MIB });
  await killed.keep();
  await work.leave();
  const partial = (await Partial.resume(new WorkFolder(folder), NAME))!;
  const gaps = [
    { start: MIB, end: 2 * MIB },
    { start: 2.5 * MIB, end: 3 * MIB },
  ];
  expect(partial).toMatchObject({ length: MIB, present: 1.5 * MIB, gap: gaps[0], gaps });
  partial.append(bytes.subarray(0, MIB));
  await partial.closeGap();
  expect(partial).toMatchObject({ length: 2.5 * MIB, present: 2.5 * MIB, gap: gaps[1] });
  partial.append(bytes.subarray(0, MIB / 2));
  await partial.flush();
  const expected = [bytes.subarray(0, MIB), bytes.subarray(0, MIB), bytes.subarray(MIB, 1.5 * MIB)];
  const whole = Buffer.concat([...expected, bytes.subarray(0, MIB / 2)]);
  expect(await partial.digest()).toBe(createHash('sha256').update(whole).digest('hex'));
  await partial.commit(join(folder, 'b.jpg'));
  expect((await readFile(join(folder, 'b.jpg'))).equals(whole)).toBe(true);
});

test('once there is no hole left, appended bytes count for a later run', async () => {
  const work = new WorkFolder(folder);
  const first = Partial.begin(work, note);
  first.append(bytes.subarray(0, MIB));
  await first.openUp();
  await first.closeGap();
  first.append(bytes.subarray(MIB));
  await first.flush();
  const text = (await files()).find((name) => name.endsWith('.json'))!;
  expect(parseNote(await readFile(join(folder, '.reso', text), 'utf8'))).toEqual(note);
  await first.discard();
});

test('a part that has lost its end has lost no more', async () => {
  const work = new WorkFolder(folder);
  const first = Partial.begin(work, note);
  first.append(bytes);
  const part = await first.openUp();
  await first.keep();
  await work.leave();
  await truncate(part, 1.5 * MIB);
  const partial = await Partial.resume(new WorkFolder(folder), NAME);
  expect(partial).toMatchObject({ length: 1.5 * MIB, present: 1.5 * MIB });
  await partial!.discard();
});

test('what an earlier run kept is gone on from', async () => {
  await leaveBehind();
  const work = new WorkFolder(folder);
  const partial = await Partial.resume(work, NAME);
  expect(partial).toMatchObject({ length: bytes.length, note });
  expect(await partial!.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  await partial!.discard();
  await work.leave();
  expect(existsSync(join(folder, '.reso'))).toBe(false);
});

test('only one of two can go on from it', async () => {
  await leaveBehind();
  const [one, other] = await Promise.all([
    Partial.resume(new WorkFolder(folder), NAME),
    Partial.resume(new WorkFolder(folder), NAME),
  ]);
  expect([one, other].filter(Boolean)).toHaveLength(1);
  await (one ?? other)!.discard();
});

test('what somebody is writing is left to them', async () => {
  const work = new WorkFolder(folder);
  const partial = Partial.begin(work, note);
  partial.append(bytes);
  await partial.flush();
  expect(await Partial.resume(new WorkFolder(folder), NAME)).toBeUndefined();
  expect(await files()).toHaveLength(3);
  await partial.discard();
});

test('what is too small to go on from is not kept', async () => {
  await leaveBehind(Buffer.alloc(1000));
  expect(existsSync(join(folder, '.reso'))).toBe(false);
});

test('of an owner that cannot be asked only what lay still for a minute is taken, as a copy', async () => {
  const work = new WorkFolder(folder);
  await work.enter();
  const key = workKey(NAME);
  const stranger = '00000000-0123456789abcdef';
  const part = work.partPath(key, stranger);
  await writeFile(part, bytes);
  await writeFile(work.notePath(key, stranger), formatNote(note));
  expect(await Partial.resume(new WorkFolder(folder), NAME)).toBeUndefined();
  const before = await stat(part);
  const longAgo = Date.now() / 1000 - 120;
  await utimes(part, longAgo, longAgo);
  const partial = await Partial.resume(new WorkFolder(folder), NAME);
  expect(partial?.length).toBe(bytes.length);
  const [taken] = (await files()).filter((name) => name.endsWith('.part'));
  expect((await stat(join(folder, '.reso', taken!))).ino).not.toBe(before.ino);
  await partial!.discard();
  await work.leave();
});

test('a part without its note, and a note without its part, are swept away', async () => {
  await leaveBehind();
  const [part, text] = (await files()).sort().reverse();
  await rm(join(folder, '.reso', text!));
  expect(await Partial.resume(new WorkFolder(folder), NAME)).toBeUndefined();
  expect(await files()).not.toContain(part);
  await leaveBehind();
  const [again] = (await files()).filter((name) => name.endsWith('.part'));
  await rm(join(folder, '.reso', again!));
  expect(await Partial.resume(new WorkFolder(folder), NAME)).toBeUndefined();
  expect(await files()).toEqual([]);
});

test('where the note can not be written, nothing is left, and no file open', async () => {
  const work = new WorkFolder(folder);
  const { id } = await work.enter();
  await mkdir(work.notePath(workKey(NAME), id));
  const partial = Partial.begin(work, note);
  partial.append(bytes);
  await expect(partial.flush()).rejects.toMatchObject({ code: 'DISK' });
  await partial.discard();
  expect((await files()).filter((name) => name.endsWith('.part'))).toEqual([]);
  const open = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')),
  );
  expect(open.filter((path) => path.includes('.part'))).toEqual([]);
});

test('a part whose note is damaged is removed', async () => {
  await leaveBehind();
  const [text] = (await files()).filter((name) => name.endsWith('.json'));
  await writeFile(join(folder, '.reso', text!), '{"name"');
  const work = new WorkFolder(folder);
  expect(await Partial.resume(work, NAME)).toBeUndefined();
  expect(await files()).toEqual([]);
});

test('what is whole and can not be given its name is kept', async () => {
  const work = new WorkFolder(folder);
  const partial = Partial.begin(work, { ...note, size: bytes.length });
  partial.append(bytes);
  await partial.flush();
  await expect(partial.commit(join(folder, 'gone', 'b.jpg'))).rejects.toMatchObject({ code: 'DISK' });
  await partial.keep();
  await work.leave();
  const again = await Partial.resume(new WorkFolder(folder), NAME);
  expect(again).toMatchObject({ length: bytes.length });
  await again!.discard();
});
