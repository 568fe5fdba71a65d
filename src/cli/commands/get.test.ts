import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { serve, type ServeHandle } from '../../index';
import { captured } from '../fixtures/captured';
import { Asides } from '../log/asides';
import { type OptionTable } from '../settings/option';
import { GET_OPTIONS, SYNC_OPTIONS, VERIFY_OPTIONS } from '../settings/options';
import { resolveSettings, type Given } from '../settings/settings';
import { run as get } from './get';
import type { CommandRun } from './invocation';
import { run as sync } from './sync';
import { run as verify } from './verify';

const SENTENCE = "File doesn't exist on server.";
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const LOCK = `# reso lock 1\na.jpg\t3\t${ABC}\n`;

let base: string;
let out: string;
let server: ServeHandle;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  out = join(base, 'out');
  for (const name of ['a.jpg', 'cats/tom.png', 'raw/b.jpg']) await put(join(base, 'images', name), 'abc');
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const COMMANDS: Readonly<Record<string, readonly [CommandRun<never>, OptionTable]>> = {
  get: [get, GET_OPTIONS],
  sync: [sync, SYNC_OPTIONS],
  verify: [verify, VERIFY_OPTIONS],
};

async function reso(command: string, names: readonly string[], given: Given = {}, signal?: AbortSignal) {
  const [run, table] = COMMANDS[command]!;
  const screen = captured({});
  const env = { RESO_SERVER: `127.0.0.1:${server.port}`, RESO_DIR: out, RESO_OUTPUT: out };
  const settings = resolveSettings(table, given, env) as never;
  const exitCode = await run({
    settings,
    names,
    isBare: false,
    env,
    terminal: screen.terminal,
    asides: new Asides(),
    signal: signal ?? new AbortController().signal,
  });
  return { exitCode, out: screen.out(), err: screen.err() };
}

test('--exclude leaves out, and says what left nothing out', async () => {
  const got = await reso('get', [], { all: true, exclude: ['raw/**', 'typo'] });
  expect(got.exitCode).toBe(0);
  expect(got.out.trimEnd().split('\n').sort()).toEqual([
    'a.jpg successfully downloaded.',
    'cats/tom.png successfully downloaded.',
  ]);
  expect(got.err).toContain("reso: --exclude 'typo' left nothing out.\n");
  expect(got.err).not.toContain('raw');
});

test('--exclude and --files-from go together', async () => {
  const filesFrom = await put(join(base, 'names'), 'a.jpg\nraw\n');
  const got = await reso('get', [], { filesFrom, exclude: ['raw/b.jpg'] });
  expect([got.exitCode, got.out]).toEqual([0, 'a.jpg successfully downloaded.\n']);
});

test('--dry-run says what would be done, and exits as the run would', async () => {
  const planned = await reso('get', ['a.jpg', 'nope.gif'], { dryRun: true });
  expect(planned).toEqual({
    exitCode: 3,
    out: 'a.jpg would be downloaded.\n',
    err: `nope.gif: ${SENTENCE}\n1 downloaded, 0 identical, 1 failed: nothing was written (--dry-run)\n`,
  });
  expect(existsSync(out)).toBe(false);
  await put(join(out, 'a.jpg'), 'another');
  expect(await reso('get', ['a.jpg'], { dryRun: true })).toMatchObject({ exitCode: 7, out: '' });
  expect(await reso('get', ['a.jpg'], { dryRun: true, overwrite: true })).toMatchObject({ exitCode: 0 });
});

test.each<[Given, readonly string[]]>([
  [{ dryRun: true, output: '-' }, ['a.jpg']],
  [{ exclude: ['x'], output: '-' }, ['a.jpg']],
  [{ dryRun: true, interactive: true }, []],
  [{ locked: '-', interactive: true }, []],
  [{ locked: '-', filesFrom: '-' }, []],
])('%j is refused', async (given, names) => {
  await expect(reso('get', names, given)).rejects.toMatchObject({ code: 'USAGE' });
});

describe('what may have been meant is said', () => {
  const suggestion = `cats/tom.jpg: ${SENTENCE} Did you mean cats/tom.png?`;

  test('by get, also with --output -', async () => {
    const got = await reso('get', ['cats/tom.jpg', 'a.jpg']);
    expect(got).toMatchObject({ exitCode: 3, out: 'a.jpg successfully downloaded.\n' });
    expect(got.err).toContain(`${suggestion}\n`);
    expect(await reso('get', ['cats/tom.jpg'], { output: '-' })).toEqual({
      exitCode: 3,
      out: '',
      err: `${suggestion}\n`,
    });
  });

  test('by sync and verify', async () => {
    expect((await reso('sync', [], { include: ['cats/tom.jpg'] })).err).toContain(suggestion);
    await mkdir(out, { recursive: true });
    expect((await reso('verify', ['cats/tom.jpg'])).err).toContain(suggestion);
  });

  test('in JSON', async () => {
    const { out } = await reso('get', ['cats/tom.jpg'], { json: true });
    expect(JSON.parse(out)).toMatchObject({
      code: 'NOT_FOUND',
      message: `${SENTENCE} Did you mean cats/tom.png?`,
    });
  });
});

describe('--locked -', () => {
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!;
  const type = (input: Readable) => Object.defineProperty(process, 'stdin', { ...stdin, get: () => input });
  afterEach(() => Object.defineProperty(process, 'stdin', stdin));

  test.each<[string, Given]>([
    ['get', {}],
    ['sync', {}],
    ['verify', { repair: true }],
  ])('%s reads the lock file from stdin', async (command, given) => {
    type(Readable.from([LOCK.slice(0, 20), LOCK.slice(20)]));
    expect(await reso(command, [], { ...given, locked: '-' })).toMatchObject({ exitCode: 0 });
    expect((await readdir(out)).filter((name) => !name.startsWith('.'))).toEqual(['a.jpg']);
    type(Readable.from(['a.jpg\n']));
    const refused = await reso(command, [], { ...given, locked: '-' }).catch((error: unknown) => error);
    expect(JSON.stringify(refused)).toContain(command === 'verify' ? 'USAGE' : 'The lock file, line 1');
  });

  test.each(['get', 'sync', 'verify'])('%s can be interrupted while it reads', async (command) => {
    const input = new Readable({ read: () => abort.abort() });
    const abort = new AbortController();
    type(input);
    await mkdir(out, { recursive: true });
    expect(await reso(command, [], { locked: '-' }, abort.signal)).toMatchObject({ exitCode: 130 });
  });
});
