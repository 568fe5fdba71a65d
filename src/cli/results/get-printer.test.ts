import { LocalError, RemoteError } from '../../errors';
import type { DownloadResult, DownloadSummary } from '../../index';
import { captured } from '../fixtures/captured';
import { NearMiss } from './explain';
import { GetPrinter } from './get-printer';

const OPTIONS = {
  json: false,
  quiet: false,
  verbose: false,
  session: false,
  dryRun: false,
  output: '/out',
};
const counts = { bytesReceived: 3, resumedFrom: 0, attempts: 1 };
const downloaded: DownloadResult = { name: 'a.jpg', outcome: 'downloaded', size: 3, sha256: 'ab', ...counts };
const missing: DownloadResult = {
  name: 'b.jpg',
  outcome: 'failed',
  code: 'NOT_FOUND',
  error: new RemoteError('NOT_FOUND', 'x'),
  bytesReceived: 0,
  resumedFrom: 0,
  attempts: 1,
};
const full: DownloadResult = { ...missing, code: 'DISK', error: new LocalError('DISK', 'The disk is full.') };

function printing(options: Partial<typeof OPTIONS>, isTerminal = false) {
  const screen = captured({ isTerminal });
  return { ...screen, printer: new GetPrinter(screen.terminal, { ...OPTIONS, ...options }) };
}

test('the sentences of the contract', () => {
  const { printer: it, out, err } = printing({});
  it.add(downloaded);
  it.add({ ...downloaded, outcome: 'identical' });
  it.add(missing);
  expect(out()).toBe('a.jpg successfully downloaded.\na.jpg is already here, identical.\n');
  expect(err()).toBe("b.jpg: File doesn't exist on server.\n");
  expect(it.exitCode).toBe(3);
});

test('several kinds of failure', () => {
  const { printer: it } = printing({});
  it.add(missing);
  it.add(full);
  expect(it.exitCode).toBe(8);
});

test('what all images fail for is said once', () => {
  const { printer: it, err } = printing({});
  it.add(full);
  it.add({ ...full, name: 'c.jpg' });
  it.fail(full.error);
  expect(err()).toBe('b.jpg: The disk is full.\n');
  expect(it.exitCode).toBe(7);
});

test('in a session a missing image is an answer', () => {
  const { printer: it, out, err } = printing({ session: true });
  it.add(missing);
  it.add(full);
  expect(out()).toBe("File doesn't exist on server.\n");
  expect(err()).toMatch(/^b\.jpg: The disk is full\./);
});

test('in a session a suggestion goes to stderr', () => {
  const { printer: it, out, err } = printing({ session: true });
  it.add({ ...missing, error: new NearMiss('b.jpg', 'Did you mean a/b.jpg?', missing.error!) });
  expect([out(), err()]).toEqual(["File doesn't exist on server.\n", 'Did you mean a/b.jpg?\n']);
});

test('a dry run says what would be done', () => {
  const { printer: it, out, err } = printing({ dryRun: true });
  it.add(downloaded);
  it.add({ ...downloaded, outcome: 'identical' });
  const counts = { downloaded: 2, replaced: 1, identical: 1, failed: 0 };
  it.totals({ ...counts, unreadable: 0, bytes: 0, bytesReceived: 0, unusedExcludes: ['typo'] });
  expect(out()).toBe('a.jpg would be downloaded.\na.jpg is already here, identical.\n');
  expect(err()).toBe(
    '2 downloaded (1 replaced), 1 identical, 0 failed: nothing was written (--dry-run)\n' +
      "reso: --exclude 'typo' left nothing out.\n",
  );
});

test('JSON of a dry run says so, and names no file that is not there', () => {
  const { printer: it, out } = printing({ json: true, dryRun: true });
  it.add(downloaded);
  it.add({ ...downloaded, outcome: 'identical' });
  const [first, second] = out().trimEnd().split('\n');
  expect(JSON.parse(first!)).toMatchObject({ dryRun: true, path: null });
  expect(JSON.parse(second!)).toMatchObject({ dryRun: true, path: '/out/a.jpg' });
});

const SUMMARY: DownloadSummary = {
  downloaded: 2,
  identical: 1,
  failed: 0,
  unreadable: 0,
  replaced: 0,
  unusedExcludes: [],
  bytes: 4096,
  bytesReceived: 2048,
};

test('a summary: counts, bytes, time, rate, and what did not have to come again', () => {
  const { printer: it, err } = printing({});
  it.add({ ...downloaded, resumedFrom: 1024 });
  it.totals(SUMMARY);
  expect(err()).toMatch(
    /^2 downloaded, 1 identical, 0 failed: 2\.0 KiB received in \d+\.\d s, [\d.]+ \w+\/s, 1\.0 KiB resumed\n$/,
  );
});

test('a summary where all was there', () => {
  const { printer: it, err } = printing({});
  it.totals({ ...SUMMARY, downloaded: 0, bytesReceived: 0 });
  expect(err()).toMatch(/^0 downloaded, 1 identical, 0 failed: 0 B received in \d+\.\d s\n$/);
});

test.each([{ quiet: true }, { session: true }])('no summary with %j', (options) => {
  const { printer: it, err } = printing(options);
  it.totals(SUMMARY);
  expect(err()).toBe('');
});

test('JSON has exactly its keys, null where nothing is known', () => {
  const { printer: it, out } = printing({ json: true });
  it.add(downloaded);
  it.add(missing);
  const keys = 'name outcome code size sha256 bytesReceived resumedFrom attempts message path'.split(' ');
  const objects = out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(objects.map(Object.keys)).toEqual([keys, keys]);
  expect(objects[0]).toMatchObject({ outcome: 'downloaded', code: null, size: 3, sha256: 'ab' });
  expect(objects[0]).toMatchObject({ message: null, path: '/out/a.jpg' });
  expect(objects[1]).toMatchObject({ outcome: 'failed', code: 'NOT_FOUND', size: null, sha256: null });
  expect(objects[1]).toMatchObject({ message: "File doesn't exist on server.", path: null });
});

test('quiet says nothing but errors', () => {
  const { printer: it, out, err } = printing({ quiet: true });
  it.add(downloaded);
  it.add(missing);
  expect([out(), err()]).toEqual(['', "b.jpg: File doesn't exist on server.\n"]);
});

test('names are raw on pipes and made visible for people', () => {
  const name = 'a\x1b[2J\u202eb.jpg';
  const pipe = printing({});
  const terminal = printing({}, true);
  for (const { printer: it } of [pipe, terminal]) {
    it.add({ ...downloaded, name });
    it.add({ ...missing, name });
  }
  const visible = 'a\\u{1b}[2J\\u{202e}b.jpg';
  expect(pipe.out()).toBe(`${name} successfully downloaded.\n`);
  expect(terminal.out()).toBe(`${visible} successfully downloaded.\n`);
  expect(pipe.err()).toBe(`${visible}: File doesn't exist on server.\n`);
});
