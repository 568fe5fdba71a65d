import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spool, type OpenedImage } from './spool';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reso-spool-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** An image in memory that delivers at most 100,000 bytes at once. */
class Remote implements OpenedImage {
  readonly path = undefined;
  readonly size: number;
  isOpen = true;
  changed = false;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, size = bytes.length) {
    this.#bytes = bytes;
    this.size = size;
  }

  read(target: Buffer, offset: number, length: number, position: number): Promise<number> {
    const most = Math.min(length, 100_000);
    return Promise.resolve(this.#bytes.copy(target, offset, position, position + most));
  }

  isUnchanged(): boolean {
    return !this.changed;
  }

  close(): Promise<void> {
    this.isOpen = false;
    return Promise.resolve();
  }
}

test('a copy that others can read, without a name, until it is closed', async () => {
  const bytes = randomBytes(2_500_000);
  const remote = new Remote(bytes);
  const opened = await new Spool(folder).sourceOf(remote);
  expect(remote.isOpen).toBe(false);
  expect(opened.source.size).toBe(bytes.length);
  expect(readFileSync(opened.source.path).equals(bytes)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  expect(await opened.isUnchanged()).toBe(true);
  await opened.close();
  expect(() => readFileSync(opened.source.path)).toThrow();
});

test('an image that is a file is read where it is', async () => {
  const file = { ...new Remote(Buffer.alloc(3)), path: '/proc/1/fd/5', size: 3 };
  const image = Object.assign(Object.create(Remote.prototype) as Remote, file);
  const opened = await new Spool(join(folder, 'never')).sourceOf(image);
  expect(opened.source).toEqual({ path: '/proc/1/fd/5', size: 3 });
  expect(readdirSync(folder)).toEqual([]);
});

test('one that changes or ends early is CHANGED, and closed', async () => {
  const short = new Remote(Buffer.alloc(10), 20);
  await expect(new Spool(folder).sourceOf(short)).rejects.toMatchObject({ code: 'CHANGED' });
  const changed = new Remote(Buffer.alloc(10));
  changed.changed = true;
  await expect(new Spool(folder).sourceOf(changed)).rejects.toMatchObject({ code: 'CHANGED' });
  expect([short.isOpen, changed.isOpen]).toEqual([false, false]);
});

test('too large an image is not copied; too many wait for another time', async () => {
  const spool = new Spool(folder);
  const huge = new Remote(Buffer.alloc(0), 268_435_457);
  await expect(spool.sourceOf(huge)).rejects.toMatchObject({ code: 'NOT_RENDERABLE' });
  const bytes = Buffer.alloc(200_000_000);
  const first = await spool.sourceOf(new Remote(bytes));
  const second = await spool.sourceOf(new Remote(bytes));
  await expect(spool.sourceOf(new Remote(bytes))).rejects.toMatchObject({ code: 'BUSY' });
  await first.close();
  const third = await spool.sourceOf(new Remote(bytes));
  await Promise.all([second.close(), third.close()]);
});

test('where no file can be made, it is BUSY', async () => {
  const spool = new Spool('/proc/no/such/folder');
  await expect(spool.sourceOf(new Remote(Buffer.alloc(3)))).rejects.toMatchObject({ code: 'BUSY' });
});
