import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Asides } from './cli/log/asides';
import { captured } from './cli/fixtures/captured';
import { run as get } from './cli/commands/get';
import { run as lock } from './cli/commands/lock';
import { run as ls } from './cli/commands/ls';
import { type OptionTable } from './cli/settings/option';
import { GET_OPTIONS, LOCK_OPTIONS, LS_OPTIONS, SYNC_OPTIONS } from './cli/settings/options';
import { resolveSettings, type Given } from './cli/settings/settings';
import { run as sync } from './cli/commands/sync';
import type { CommandRun } from './cli/commands/invocation';
import { connect, serve, type ServeHandle } from './index';

const isRoot = process.geteuid?.() === 0;
const NOBODY = 65_534;

let base: string;
let server: ServeHandle;
let warnings: string[];
const at = (name: string) => join(base, name);

/** Root may read everything. */
const asSomebodyElse = () => isRoot && process.seteuid!(NOBODY);
const asMyself = () => isRoot && process.seteuid!(0);

async function put(name: string): Promise<void> {
  await mkdir(dirname(at(`images/${name}`)), { recursive: true });
  await writeFile(at(`images/${name}`), name);
}

async function setMode(name: string, mode: number): Promise<void> {
  asMyself();
  await chmod(at(`images/${name}`), mode);
  asSomebodyElse();
}

async function start(): Promise<void> {
  base = await mkdtemp(join(tmpdir(), 'reso-'));

  for (const name of ['a.jpg', 'b.jpg', 'c/d.jpg', 'c/e.png', 'closed/f.jpg', 'g.jpg']) await put(name);
  await chmod(at('images/b.jpg'), 0);
  await chmod(at('images/c/e.png'), 0);
  await chmod(at('images/closed'), 0);
  warnings = [];
  const onWarning = (warning: string) => void warnings.push(warning);
  const tokenFile = at('tokens');
  await writeFile(
    tokenFile,
    `all ${'a'.repeat(32)}\npart ${'p'.repeat(32)} c a.jpg\ninner ${'i'.repeat(32)} closed/inner a.jpg\n`,
  );
  const folder = at('images');
  server = await serve({ folder, port: 0, host: '127.0.0.1', state: at('state'), onWarning, tokenFile });
}

async function stop(): Promise<void> {
  asMyself();
  await server.close({ grace: 0 });
  await chmod(at('images/closed'), 0o755);
  await rm(base, { recursive: true });
}

/** Modules that are loaded only where they are used are compiled then, which only root may do here. */
beforeAll(async () => {
  await start();
  await command(get, GET_OPTIONS, [], { all: true, output: at('out'), report: at('r.json') });
  await command(sync, SYNC_OPTIONS, [], { dir: at('out'), delete: true, json: true, report: at('r.json') });
  await command(lock, LOCK_OPTIONS, []);
  await command(ls, LS_OPTIONS, []);
  await stop();
});

beforeEach(async () => {
  asSomebodyElse();
  await start();
});
afterEach(stop);

const client = (token = 'a') => connect({ port: server.port, token: token.repeat(32), retries: 0 });

async function command<T extends OptionTable>(
  run: CommandRun<never>,
  table: T,
  names: string[],
  given: Given = {},
) {
  const screen = captured({});
  const env = { RESO_SERVER: `127.0.0.1:${server.port}`, RESO_TOKEN: 'a'.repeat(32), RESO_RETRIES: '0' };
  const settings = resolveSettings(table, given, env) as never;
  const { signal } = new AbortController();
  const world = { names, isBare: false, env, terminal: screen.terminal, asides: new Asides(), signal };
  const exitCode = await run({ ...world, settings });
  return { exitCode, out: screen.out(), err: screen.err() };
}

async function listed(globs?: string[], token?: string) {
  const one = client(token);
  const names: string[] = [];
  let unreadable = 0;
  for await (const { name } of one.list({ globs, onUnreadable: (count) => (unreadable = count) }))
    names.push(name);
  one.close();
  return { names, unreadable };
}

test('they are not listed, but counted: as far as they were asked for, and as whoever asks may see them', async () => {
  expect(await listed()).toEqual({ names: ['a.jpg', 'c/d.jpg', 'g.jpg'], unreadable: 3 });
  expect(await listed(['*.jpg'])).toEqual({ names: ['a.jpg', 'g.jpg'], unreadable: 1 });
  expect(await listed(['c/**'])).toEqual({ names: ['c/d.jpg'], unreadable: 1 });
  expect(await listed(['closed/*'])).toEqual({ names: [], unreadable: 1 });
  expect(await listed(['g.*'])).toEqual({ names: ['g.jpg'], unreadable: 0 });
  expect(await listed(undefined, 'p')).toEqual({ names: ['a.jpg', 'c/d.jpg'], unreadable: 1 });
  // The folder that can't be read may hold images that this token may read.
  expect(await listed(undefined, 'i')).toEqual({ names: ['a.jpg'], unreadable: 1 });
  expect(await server.survey()).toMatchObject({ images: 3, leftOut: { unreadable: 3 } });
});

test('one comes back by itself when it can be read again, and goes when it can not; the log names it once', async () => {
  await listed();
  expect(warnings.splice(0)).toEqual([]);
  await setMode('b.jpg', 0o644);
  expect((await listed()).names).toContain('b.jpg');
  await setMode('g.jpg', 0);
  expect(await listed()).toEqual({ names: ['a.jpg', 'b.jpg', 'c/d.jpg'], unreadable: 3 });
  await listed();
  expect(warnings).toEqual(["Can't read g.jpg: permission denied. It is left out until it can be read."]);
});

const WARNING =
  "reso: the server can't read 3 images or folders of what was asked for: they are left out. Its log names some.\n";

test('get --all and a glob bring the others and say so once; who names one is told', async () => {
  const report = at('r.json');
  const all = await command(get, GET_OPTIONS, [], { all: true, output: at('out'), report });
  expect(all).toMatchObject({ exitCode: 0, err: expect.stringContaining(WARNING) });
  expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
    totals: { downloaded: 3, failed: 0, unreadable: 3 },
  });
  const json = await command(get, GET_OPTIONS, ['*.jpg'], { json: true, output: at('out2') });
  expect(json.exitCode).toBe(0);
  expect(
    json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
      .at(-1),
  ).toEqual({ unreadable: 1 });
  const named = await command(get, GET_OPTIONS, ['a.jpg', 'b.jpg'], { output: at('out3') });
  expect(named.exitCode).toBe(4);
  expect(named.err).toContain("b.jpg: The server can't read the image");
  expect(await readdir(at('out3'))).toEqual(['a.jpg']);
});

test('a folder of which nothing can be read is there all the same', async () => {
  await setMode('c/d.jpg', 0);
  const { exitCode, out, err } = await command(get, GET_OPTIONS, ['c'], { output: at('out') });
  expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
  expect(err).toContain("can't read 2 images or folders");
});

test('sync brings the others, says so each time, and keeps what came while it could be read', async () => {
  const given: Given = { dir: at('out'), delete: true };
  const first = await command(sync, SYNC_OPTIONS, [], given);
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.err).toContain(WARNING);
  // The list is of the generation that is known.
  const again = await command(sync, SYNC_OPTIONS, [], { ...given, report: at('r.json'), json: true });
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.err).toContain(WARNING);
  expect(again.out).toContain('{"unreadable":3}\n');
  expect(JSON.parse(await readFile(at('r.json'), 'utf8'))).toMatchObject({ totals: { unreadable: 3 } });
  await setMode('g.jpg', 0);
  const kept = await command(sync, SYNC_OPTIONS, [], given);
  expect(kept.exitCode).toBe(0);
  expect(kept.err).toContain("g.jpg: The server has it but can't read it; it is kept.\n");
  expect(await readdir(at('out'))).toContain('g.jpg');
  await setMode('a.jpg', 0);
  const refused = await command(sync, SYNC_OPTIONS, [], given);
  expect(refused.exitCode).toBe(4);
  expect(refused.err).toContain("lacks 2 of 3 files, and can't read 5 images or folders.");
});

test('ls and lock go on without them, and say so; a lock of nothing is none', async () => {
  expect(await command(ls, LS_OPTIONS, [])).toEqual({
    exitCode: 0,
    out: 'a.jpg\nc/d.jpg\ng.jpg\n',
    err: WARNING,
  });
  const locked = await command(lock, LOCK_OPTIONS, []);
  expect(locked).toMatchObject({ exitCode: 0, err: WARNING });
  expect(locked.out.split('\n').filter((line) => line.includes('.jpg'))).toHaveLength(3);
  await expect(command(lock, LOCK_OPTIONS, ['b*'])).rejects.toMatchObject({ code: 'UNREADABLE' });
});
