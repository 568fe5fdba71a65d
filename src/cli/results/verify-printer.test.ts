import { LocalError, ResoError } from '../../errors';
import type { VerifyResult } from '../../index';
import { captured } from '../fixtures/captured';
import { VerifyPrinter } from './verify-printer';

const OPTIONS = { json: false, quiet: false, verbose: false, dir: '/out' };
const COUNTS = {
  unreadable: 0,
  ok: 1,
  missing: 2,
  damaged: 0,
  extra: 0,
  repaired: 0,
  failed: 0,
  bytesReceived: 0,
};
const SUMMARY = { ...COUNTS, unusedExcludes: [] };

function result(outcome: VerifyResult['outcome'], error?: ResoError): VerifyResult {
  return { name: 'a\n.jpg', outcome, error, code: error?.code, size: 3, bytesReceived: 0 };
}

function printing(options: Partial<typeof OPTIONS> = {}, isTerminal = false) {
  const screen = captured({ isTerminal });
  return { ...screen, printer: new VerifyPrinter(screen.terminal, { ...OPTIONS, ...options }) };
}

test('a line for what is not ok; with verbose for all', () => {
  const plain = printing();
  const verbose = printing({ verbose: true }, true);
  for (const { printer: it } of [plain, verbose])
    for (const outcome of ['ok', 'missing', 'extra'] as const) it.add(result(outcome));
  expect(plain.out()).toBe('a\n.jpg: missing\na\n.jpg: extra\n');
  expect(verbose.out()).toBe('a\\n.jpg: ok\na\\n.jpg: missing\na\\n.jpg: extra\n');
});

test('JSON has every image and exactly its keys', () => {
  const { printer: it, out } = printing({ json: true });
  it.add(result('ok'));
  expect(JSON.parse(out())).toEqual({
    name: 'a\n.jpg',
    outcome: 'ok',
    code: null,
    size: 3,
    sha256: null,
    bytesReceived: 0,
    message: null,
    path: '/out/a\n.jpg',
  });
});

test('JSON of what failed or is missing has the reason, and no path', () => {
  const { printer: it, out } = printing({ json: true });
  it.add(result('missing'));
  it.add(result('failed', new LocalError('DISK', 'It is full.')));
  const [missing, failed] = out().trimEnd().split('\n');
  expect(JSON.parse(missing!)).toMatchObject({ message: null, path: null });
  expect(JSON.parse(failed!)).toMatchObject({ code: 'DISK', message: 'It is full.', path: null });
});

test.each([
  [['ok', 'extra', 'repaired'], 0],
  [['ok', 'missing'], 5],
  [['damaged', 'missing'], 5],
] as const)('%j exits %d', (outcomes, exitCode) => {
  const { printer: it } = printing();
  for (const outcome of outcomes) it.add(result(outcome));
  expect(it.exitCode).toBe(exitCode);
});

test('what failed is explained, and counts by its kind', () => {
  const { printer: it, err } = printing({ quiet: true });
  it.add(result('failed', new LocalError('DISK', 'It is full.')));
  expect([it.exitCode, err()]).toEqual([7, 'a\\n.jpg: It is full.\n']);
  it.add(result('failed', new ResoError('LOCKED', 'It differs.')));
  expect(it.exitCode).toBe(8);
});

test('totals', () => {
  const { printer: it, err } = printing();
  it.totals(SUMMARY);
  for (const outcome of ['ok', 'damaged', 'missing'] as const) it.add(result(outcome));
  it.totals({ ...SUMMARY, repaired: 1, failed: 1, bytesReceived: 1024 });
  const [nothing, something] = err().split('\n');
  expect(nothing).toMatch(/^1 ok, 2 missing, 0 damaged, 0 extra: 0 B checked in \d+\.\d s$/);
  expect(something).toMatch(
    /^1 ok, 2 missing, 0 damaged, 0 extra, 1 failed, 1 repaired with 1\.0 KiB received: 6 B checked in \d+\.\d s, .*B\/s$/,
  );
});

test('quiet has no totals', () => {
  const { printer: it, err } = printing({ quiet: true });
  it.totals(SUMMARY);
  expect(err()).toBe('');
});
