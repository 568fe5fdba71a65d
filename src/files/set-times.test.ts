import { closeSync, fstatSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { setTimes, writeNewFileHere } from '.';

const SECOND = 1_000_000;
/** In 1902, from which on common file systems hold a time; and in 2112, from which on doubles have no half microseconds. */
const EARLIEST = -2_145_000_000 * SECOND;
const LATEST = 2 ** 52 - 1;

let folder: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reso-times-'));
  fd = openSync(join(folder, 'x'), 'w+');
});

afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** In microseconds, rounded down, as a server lists it. */
function timeOf(open: number): number {
  const { mtimeNs, atimeNs } = fstatSync(open, { bigint: true });
  expect(atimeNs).toBe(mtimeNs);
  return Number((mtimeNs - (((mtimeNs % 1000n) + 1000n) % 1000n)) / 1000n);
}

test.each([
  ['the last second of 1969', -SECOND],
  ['a microsecond before 1970', -1],
  ['half a second before 1970', -SECOND / 2],
  ['before 1970, with a fraction', -1_000_001],
  ['1927', -1_356_912_000 * SECOND + 123_457],
  ['1970', 0],
  ['a microsecond after 1970', 1],
  ['the last second of 31 bits', (2 ** 31 - 1) * SECOND],
  ['the first second of 32 bits, in 2038', 2 ** 31 * SECOND + 999_999],
  ['2100', 4_102_444_800 * SECOND + 123_456],
])('%s', async (_, mtime) => {
  await setTimes(fd, mtime);
  expect(timeOf(fd)).toBe(mtime);
  const path = join(folder, 'new');
  writeNewFileHere(path, { buffers: [], length: 0, mtime, durable: false });
  const made = openSync(path, 'r');
  expect(timeOf(made)).toBe(mtime);
  closeSync(made);
});

test('any time, to the microsecond', () =>
  fc.assert(
    fc.asyncProperty(fc.integer({ min: EARLIEST, max: LATEST }), async (mtime) => {
      await setTimes(fd, mtime);
      expect(timeOf(fd)).toBe(mtime);
    }),
    { numRuns: 2000 },
  ));
