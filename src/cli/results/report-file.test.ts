import { existsSync } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RemoteError } from '../../errors';
import type { SyncResult } from '../../index';
import { retryFrom } from '../settings/names-from';
import { ReportFile } from './report-file';

let base: string;
let file: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  file = join(base, 'report.json');
});
afterEach(() => rm(base, { recursive: true }));

const counts = { bytesReceived: 3, resumedFrom: 0, attempts: 1 };
const good: SyncResult = { name: 'a.jpg', outcome: 'downloaded', size: 3, sha256: 'ab', ...counts };
const error = new RemoteError('NOT_FOUND', 'None.');
const bad = (name: string): SyncResult => ({ name, outcome: 'failed', error, code: error.code, ...counts });

async function namesIn(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of retryFrom(path)) names.push(name);
  return names;
}

test('a report is whole, and what failed can be read from it', async () => {
  const reportFile = new ReportFile(file, 'get', '127.0.0.1:5005');
  reportFile.add(good);
  for (const name of ['b\n"{é.jpg', 'c*.jpg']) reportFile.add(bad(name));
  expect(existsSync(file)).toBe(false);
  reportFile.close(false);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    report: 1,
    command: 'get',
    images: [{ name: 'a.jpg', outcome: 'downloaded', reason: null }, { reason: { code: 'NOT_FOUND' } }, {}],
    totals: { downloaded: 1, failed: 2, bytes: 3, bytesReceived: 9 },
    interrupted: false,
    error: null,
  });
  expect(await namesIn(file)).toEqual(['b\n"{é.jpg', 'c*.jpg']);
  expect(await readdir(base)).toEqual(['report.json']);
});

test('what replaced another file is told', async () => {
  const reportFile = new ReportFile(file, 'sync', 's');
  reportFile.add(good);
  reportFile.add({ ...good, name: 'b.jpg', replaced: true });
  reportFile.close(false);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    images: [{ replaced: false }, { replaced: true }],
    totals: { downloaded: 2, replaced: 1 },
  });
});

test('what ended it early is told, and one without images is JSON, too', async () => {
  const reportFile = new ReportFile(file, 'sync', 's');
  reportFile.close(true, new RemoteError('BUSY', 'Too much.'));
  const read = JSON.parse(await readFile(file, 'utf8')) as unknown;
  expect(read).toMatchObject({ images: [], interrupted: true, error: 'Too much. Try again later.' });
  // To take up nothing of it would look as if all were well.
  await expect(namesIn(file)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('Too much'),
  });
});

test.each<[string, (reportFile: ReportFile) => void]>([
  ['ended early', (reportFile) => reportFile.close(false, new RemoteError('BUSY', 'Too much.'))],
  ['was interrupted', (reportFile) => reportFile.close(true)],
])('what failed in a run that %s is taken up, and that there was more is told', async (how, close) => {
  const reportFile = new ReportFile(file, 'get', 's');
  reportFile.add(bad('a.jpg'));
  close(reportFile);
  const names = retryFrom(file);
  expect(await names.next()).toMatchObject({ value: { name: 'a.jpg' } });
  await expect(names.next()).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(how) });
});

test('a report without its end is taken up, and that it may lack images is told', async () => {
  const reportFile = new ReportFile(file, 'get', 's');
  reportFile.add(bad('a.jpg'));
  reportFile.close(false);
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.slice(0, 2).join('\n'));
  const names = retryFrom(file);
  expect(await names.next()).toMatchObject({ value: { name: 'a.jpg' } });
  await expect(names.next()).rejects.toThrow('cut off');
});

test('a run that had nothing to do leaves nothing to be taken up', async () => {
  new ReportFile(file, 'get', 's').close(false);
  expect(await namesIn(file)).toEqual([]);
});

test('what a link leads to is replaced, and not the link; a device is written to as it is', async () => {
  await writeFile(file, 'before');
  await symlink(file, join(base, 'link.json'));
  new ReportFile(join(base, 'link.json'), 'get', 's').close(false);
  expect((await lstat(join(base, 'link.json'))).isSymbolicLink()).toBe(true);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ report: 1 });
  new ReportFile('/dev/null', 'get', 's').close(false);
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  expect(() => new ReportFile('/dev/full', 'get', 's').close(false)).toThrow('the disk is full');
  expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true);
  expect(() => new ReportFile('-', 'get', 's')).toThrow('--report needs a file');
});

test('thousands of images', async () => {
  const reportFile = new ReportFile(file, 'get', 's');
  for (let i = 0; i < 5000; i++) reportFile.add(i % 2 ? good : bad(`${i}.jpg`));
  reportFile.close(false);
  expect((JSON.parse(await readFile(file, 'utf8')) as { images: unknown[] }).images).toHaveLength(5000);
  expect(await namesIn(file)).toHaveLength(2500);
});

test.each(['', 'names\n', '{}\n'])('what is no report is refused: %j', async (text) => {
  await writeFile(file, text);
  await expect(namesIn(file)).rejects.toMatchObject({ code: 'USAGE' });
});

test('a full disk is told at once', () => {
  expect(() => new ReportFile('/dev/full', 'get', 's')).toThrow(
    /^Can't write the report \/dev\/full: the disk is full/,
  );
});

test('a place that can not be written is told at once', () => {
  expect(() => new ReportFile(join(base, 'no/report'), 'get', 's')).toThrow(
    expect.objectContaining({ code: 'DISK' }),
  );
});
