import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as FoldingFs from '../fixtures/folding-fs';
import { foldingFs } from '../fixtures/folding-fs';
import { probeByLooking } from './folding-probe';

jest.mock('node:fs', () => jest.requireActual<typeof FoldingFs>('../fixtures/folding-fs').foldedFs());
jest.mock('node:fs/promises', () =>
  jest.requireActual<typeof FoldingFs>('../fixtures/folding-fs').foldedPromises(),
);

let top: string;
beforeEach(async () => (top = await mkdtemp(join(tmpdir(), 'reso-'))));
afterEach(async () => {
  foldingFs.disarm();
  await rm(top, { recursive: true });
});

const nothing = { ignoresCase: false, normalizes: false };
const everything = { ignoresCase: true, normalizes: true };

test('what is there tells, whatever was assumed', async () => {
  await writeFile(join(top, '1'), '');
  await writeFile(join(top, 'h\u00e9'), '');
  expect(await probeByLooking({ top }, everything)).toEqual(nothing);
  foldingFs.arm(top);
  expect(await probeByLooking({ top }, nothing)).toEqual(everything);
});

test('where the folder tells nothing, the one above it does', async () => {
  const folder = join(top, 'folder');
  await mkdir(folder);
  expect(await probeByLooking({ top: folder }, everything)).toMatchObject({ ignoresCase: false });
  foldingFs.arm(top);
  expect(await probeByLooking({ top: folder }, nothing)).toMatchObject({ ignoresCase: true });
});

test('two files whose names differ in case only are two', async () => {
  await writeFile(join(top, 'a'), '');
  await writeFile(join(top, 'A'), '1');
  expect(await probeByLooking({ top }, everything)).toMatchObject({ ignoresCase: false });
});

test('where nothing tells, what was assumed holds', async () => {
  expect(await probeByLooking({ top: '/proc/self/nowhere' }, everything)).toEqual(everything);
});
