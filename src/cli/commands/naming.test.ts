import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serve, type ServeHandle } from '../../index';
import { captured } from '../fixtures/captured';
import { Asides } from '../log/asides';
import { type OptionTable } from '../settings/option';
import { GET_OPTIONS, LOCK_OPTIONS, LS_OPTIONS, SYNC_OPTIONS, VERIFY_OPTIONS } from '../settings/options';
import { resolveSettings, type Given } from '../settings/settings';
import { run as get } from './get';
import type { CommandRun } from './invocation';
import { run as lock } from './lock';
import { run as ls } from './ls';
import { run as sync } from './sync';
import { run as verify } from './verify';

const IMAGES = [
  'Album 2/y.gif',
  'Album [2020]/x.gif',
  'photo1.gif',
  'photo[1].gif',
  'q*.gif',
  'qq.gif',
  '{a,b}.gif',
];

let base: string;
let out: string;
let server: ServeHandle;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  out = join(base, 'out');
  for (const name of IMAGES) await put(join(base, 'images', name), name);
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
  lock: [lock, LOCK_OPTIONS],
  ls: [ls, LS_OPTIONS],
  sync: [sync, SYNC_OPTIONS],
  verify: [verify, VERIFY_OPTIONS],
};

async function reso(command: string, names: readonly string[], given: Given = {}) {
  const [run, table] = COMMANDS[command]!;
  const screen = captured({});
  const env = { RESO_SERVER: `127.0.0.1:${server.port}`, RESO_DIR: out, RESO_OUTPUT: out };
  const settings = resolveSettings(table, given, env) as never;
  const { signal } = new AbortController();
  const exitCode = await run({
    settings,
    names,
    isBare: false,
    env,
    terminal: screen.terminal,
    asides: new Asides(),
    signal,
  });
  return { exitCode, out: screen.out(), err: screen.err() };
}

async function files(): Promise<string[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths
    .map((path) => path.slice(out.length + 1))
    .filter((path) => !path.startsWith('.reso/'))
    .sort();
}

const ls1 = (...names: string[]) => names.map((name) => `${name}\n`).join('');

describe('what is there under the very name is no glob', () => {
  test.each([
    ['Album [2020]', 'Album [2020]/x.gif'],
    ['Album [2020]/', 'Album [2020]/x.gif'],
    ['./Album [2020]', 'Album [2020]/x.gif'],
    ['photo[1].gif', 'photo[1].gif'],
    ['q*.gif', 'q*.gif'],
    ['{a,b}.gif', '{a,b}.gif'],
  ])('%s', async (pattern, name) => {
    expect(await reso('ls', [pattern])).toEqual({ exitCode: 0, out: ls1(name), err: '' });
    expect((await reso('lock', [pattern])).out.split('\n')).toHaveLength(3);
    expect((await reso('get', [pattern])).exitCode).toBe(0);
    expect(await files()).toEqual([name]);
    expect(await reso('verify', [pattern])).toMatchObject({
      exitCode: 0,
      err: expect.stringMatching(/^1 ok, 0/),
    });
    await rm(out, { recursive: true });
    expect((await reso('sync', [], { include: [pattern] })).exitCode).toBe(0);
    expect(await files()).toEqual([name]);
    expect((await reso('sync', [], { exclude: [pattern] })).exitCode).toBe(0);
    expect(await files()).toEqual([...IMAGES].sort());
    await rm(out, { recursive: true });
    expect((await reso('sync', [], { exclude: [pattern] })).exitCode).toBe(0);
    expect(await files()).toEqual(IMAGES.filter((one) => one !== name).sort());
    expect((await reso('verify', [], { exclude: [pattern] })).exitCode).toBe(0);
  });

  test('what is not is one; so is one with a slash behind it, for folders', async () => {
    expect((await reso('ls', ['photo[12].gif', '?q.gif'])).out).toBe(ls1('photo1.gif', 'qq.gif'));
    expect((await reso('ls', ['Album*/'])).out).toBe(ls1('Album 2/y.gif', 'Album [2020]/x.gif'));
    await reso('get', ['Album*/']);
    expect(await files()).toEqual(['Album 2/y.gif', 'Album [2020]/x.gif']);
  });

  test('a file that only the folder still has is not deleted for being excluded', async () => {
    await reso('sync', []);
    await rm(join(base, 'images/photo[1].gif'));
    // A list may be a second old.
    while ((await reso('ls', [])).out.includes('photo[1].gif'));
    const deleting = { exclude: ['photo[1].gif'], delete: true, force: true } as const;
    expect((await reso('sync', [], deleting as never)).exitCode).toBe(0);
    expect(await files()).toEqual([...IMAGES].sort());
  });

  test('by a lock file as well', async () => {
    const locked = await put(join(base, 'images.lock'), (await reso('lock', [])).out);
    await reso('get', ['photo[1].gif', 'Album [2020]'], { locked });
    expect(await files()).toEqual(['Album [2020]/x.gif', 'photo[1].gif']);
    await reso('sync', [], { locked, include: ['q*.gif'] });
    expect(await files()).toEqual(['Album [2020]/x.gif', 'photo[1].gif', 'q*.gif']);
    const verified = await reso('verify', ['photo[1].gif', 'Album [2020]', 'q*.gif'], { locked });
    expect(verified).toMatchObject({ exitCode: 0, err: expect.stringMatching(/^3 ok, 0/) });
  });
});

test('names from a file or a report are no globs, whether there is such a name or not', async () => {
  const filesFrom = await put(join(base, 'names'), '\ufeff./q*.gif\r\nphoto?.gif\r\nAlbum [2020]\r\n');
  const report = join(base, 'report.json');
  const got = await reso('get', [], { filesFrom, report });
  expect(got.exitCode).toBe(3);
  expect(got.err).toMatch(/^photo\?\.gif: File doesn't exist on server\.\n2 downloaded, .*\n$/);
  expect(await files()).toEqual(['Album [2020]/x.gif', 'q*.gif']);
  await reso('get', [], { retryFrom: report });
  expect(await files()).toEqual(['Album [2020]/x.gif', 'q*.gif']);
  await rm(join(base, 'images/q*.gif'));
  await rm(join(out, 'q*.gif'));
  await reso('get', [], { filesFrom });
  expect(await files()).toEqual(['Album [2020]/x.gif']);
  expect(await readFile(filesFrom, 'utf8')).toContain('q*.gif');
});

describe('what matches nothing is said', () => {
  const missing = "typo: File doesn't exist on server.";

  test('ls lists the others; lock prints nothing', async () => {
    const said = "reso: No image on the server matches 'typo'. Run 'reso ls' to see what it has.\n";
    expect(await reso('ls', ['qq.gif', 'typo'])).toEqual({ exitCode: 3, out: 'qq.gif\n', err: said });
    await expect(reso('lock', ['qq.gif', 'typo', '*.x'])).rejects.toMatchObject({
      code: 'BAD_NAME',
      message: expect.stringContaining("matches 'typo', '*.x'"),
    });
  });

  test('sync and verify go through the others', async () => {
    const synced = await reso('sync', [], { include: ['qq.gif', 'typo'] });
    expect(synced).toMatchObject({ exitCode: 3, out: 'qq.gif successfully downloaded.\n' });
    expect(synced.err).toContain(missing);
    const verified = await reso('verify', ['qq.gif', 'typo']);
    expect(verified).toMatchObject({ exitCode: 3, out: 'typo: failed\n' });
    expect(verified.err).toContain(missing);
    const locked = await put(join(base, 'images.lock'), (await reso('lock', [])).out);
    const byLock = await reso('sync', [], { locked, include: ['typo'] });
    expect(byLock).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('Nothing in the lock file matches it'),
    });
  });

  test('an exclusion that left nothing out is no failure', async () => {
    const said = "reso: --exclude 'typo' left nothing out.\n";
    const given = { include: ['q*.gif'], exclude: ['q*.gif', 'typo'] };
    const synced = await reso('sync', [], given);
    expect(synced).toMatchObject({ exitCode: 0, err: expect.stringContaining(said) });
    expect(synced.err).not.toContain("'q*.gif'");
    await mkdir(out, { recursive: true });
    expect((await reso('verify', [], given)).err).toContain(said);
    expect((await reso('verify', [], { ...given, quiet: true })).err).toBe('');
  });

  test('no glob at all is a mistake', async () => {
    for (const command of ['ls', 'lock']) {
      await expect(reso(command, ['['])).rejects.toMatchObject({ code: 'USAGE' });
    }
    expect(await reso('sync', [], { exclude: ['['] })).toMatchObject({ exitCode: 2 });
  });
});

test('a folder that is called like an image is asked about, unless it is there', async () => {
  const output = join(base, 'x.gif');
  for (const [command, given] of [
    ['get', { output }],
    ['sync', { dir: output }],
    ['verify', { dir: output, repair: true }],
  ] as const) {
    await expect(reso(command, command === 'get' ? ['qq.gif'] : [], given)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(
        /^(--output|DIR) must be a folder, .*x\.gif' looks like the name of an image/,
      ),
    });
  }
  expect(await readdir(base)).not.toContain('x.gif');
  expect((await reso('get', ['qq.gif'], { output: `${output}/` })).exitCode).toBe(0);
  expect((await reso('get', ['q*.gif'], { output })).exitCode).toBe(0);
  expect(await readdir(output)).toEqual(['q*.gif', 'qq.gif']);
});

test('a token that may read a part only: a glob finds that', async () => {
  await server.close({ grace: 0 });
  const secret = 'x'.repeat(43);
  const tokenFile = await put(join(base, 'tokens'), `lab ${secret} "Album [2020]"\n`);
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1', tokenFile });
  const mine = await put(join(base, 'token'), secret);
  expect(await reso('ls', ['**/*.gif'], { tokenFile: mine })).toEqual({
    exitCode: 0,
    out: 'Album [2020]/x.gif\n',
    err: '',
  });
  await reso('get', ['**/*.gif'], { tokenFile: mine });
  expect(await files()).toEqual(['Album [2020]/x.gif']);
});
