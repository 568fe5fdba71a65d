import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeImage } from './place-image';
import type { PlaceOrder } from './order';

const memory = new SharedArrayBuffer(1000);
const bytes = Buffer.from(memory);
bytes.write('....an im...age..');
const sha256 = createHash('sha256').update('an image').digest('hex');

let folder: string;
let order: PlaceOrder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reso-'));
  const [part, target] = [join(folder, 'part'), join(folder, 'a.jpg')];
  order = {
    pieces: [4, 5, 12, 3],
    length: 8,
    sha256,
    mtime: 1_600_000_000_000_000,
    part,
    target,
    keepsOthers: true,
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

const left = () => readdirSync(folder).map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8')}`);

test('an image whose pieces lie apart is put together, and has its time', () => {
  expect(placeImage(order, memory)).toBe(true);
  expect(left()).toEqual(['a.jpg: an image']);
  expect(statSync(order.target).mtimeMs).toBe(1_600_000_000_000);
});

test('an empty image is one, too', () => {
  const empty = { ...order, pieces: [], length: 0, sha256: createHash('sha256').digest('hex') };
  expect(placeImage(empty, memory)).toBe(true);
  expect(left()).toEqual(['a.jpg: ']);
});

test('bytes that are others than expected are not written', () => {
  expect(placeImage({ ...order, sha256: createHash('sha256').digest('hex') }, memory)).toBe(false);
  expect(left()).toEqual([]);
});

test('what lies in its place stays, unless it is to be replaced', () => {
  writeFileSync(order.target, 'another');
  expect(placeImage(order, memory)).toBe(false);
  expect(left()).toEqual(['a.jpg: another']);
  expect(placeImage({ ...order, keepsOthers: false }, memory)).toBe(true);
  expect(left()).toEqual(['a.jpg: an image']);
});

test('a part is not written over, and one that gets no name does not stay', () => {
  writeFileSync(order.part, 'of another');
  expect(placeImage(order, memory)).toBe(false);
  expect(left()).toEqual(['part: of another']);
  rmSync(order.part);
  expect(placeImage({ ...order, target: join(folder, 'none', 'a.jpg') }, memory)).toBe(false);
  expect(left()).toEqual([]);
});
