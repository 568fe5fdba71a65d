import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificatePath, keyPath } from '../src/access/fixtures/certificate';
import { FaultProxy } from '../src/testing/fault-proxy';
import { KIB, MIB, writeImage } from './support/generated-images';
import { HostServer } from './support/host-server';
import { logLines } from './support/log-lines';
import { runCommand, type CommandEnd } from './support/run-command';
import { Scratch } from './support/scratch';
import { builtProgram } from './support/test-run';

/** More than the listeners from which on Node warns of a leak. */
const MANY = 24;
/** Enough for a client to begin a second thread. */
const SMALL = 420;

const globs = Array.from({ length: MANY }, (_, i) => `*${i}.jpg`);
const names = Array.from({ length: MANY }, (_, i) => `small-${i}.jpg`);
const included = globs.flatMap((glob) => ['--include', glob]);

/** Every command of a client, with many of everything; into the folder `here`. */
const COMMANDS: readonly (readonly string[])[] = [
  ['get', '--all', '--output', 'all'],
  ['get', '--all', '--output', 'all', '--durable', '--overwrite'],
  ['get', '--output', 'some', ...names, ...globs],
  ['get', '--output', 'asked', '--interactive'],
  ['sync', 'mirror', '--delete'],
  ['sync', 'part', ...included],
  ['verify', 'all', '--repair'],
  ['lock', ...globs],
  ['lock'],
  ['ls', '--long', ...globs],
  ['ls', '--format', 'sha256sum'],
];
const input = `${names.join('\n')}\n`;

let scratch: Scratch;
let program: string;
let images: string;

beforeAll(async () => {
  scratch = await Scratch.make();
  program = builtProgram();
  images = await scratch.folder('images');
  for (let i = 0; i < SMALL; i++) await writeImage(images, `small-${i}.jpg`, 40 * KIB);
  for (let i = 0; i < MANY; i++) await writeImage(images, `large-${i}.jpg`, 2 * MIB);
});

afterAll(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

async function startServer(state: string, options: readonly string[], environment = {}): Promise<HostServer> {
  return HostServer.start(program, images, await scratch.folder(state), { options, environment });
}

async function run(args: readonly string[], cwd: string, environment = {}): Promise<CommandEnd> {
  return runCommand({ cwd, environment, input }, process.execPath, program, ...args);
}

/** Changes all images a moment ago, so that clients wait until they have settled. */
async function unsettle(): Promise<void> {
  const now = new Date();
  for (const name of await readdir(images)) await utimes(join(images, name), now, now);
}

/** A module that makes Node warn in each thread of each program that loads it. */
async function writeWarner(): Promise<string> {
  const path = join(scratch.path, 'warner.js');
  const emit = "process.emitWarning('made by a test', 'ExperimentalWarning')";
  await writeFile(path, `${emit}; setTimeout(() => ${emit}, 10).unref();\n`);
  return path;
}

test('many connections, images, globs and retries make Node warn of nothing', async () => {
  await using server = await startServer('state', ['--log-level', 'debug', '--max-page', '20']);
  const proxy = await FaultProxy.start({ port: server.port });
  try {
    const cwd = await scratch.folder('plain');
    const options = ['--server', `127.0.0.1:${proxy.port}`, '--connections', '64', '--verbose'];
    for (const command of COMMANDS) {
      await unsettle();
      proxy.cutAfter(...Array.from({ length: MANY }, (_, i) => 60_000 + i));
      const { exitCode, stderr } = await run([...command, ...options], cwd);
      expect([command[0], exitCode, stderr]).toEqual([command[0], 0, expect.not.stringMatching(/warn/i)]);
    }
  } finally {
    await proxy.close();
  }
  expect(await server.stop()).toBe(0);
  expect(logLines(server.log).map(({ msg }) => msg)).not.toContainEqual(
    expect.stringMatching(/warning from Node/),
  );
});

test('nor does it over TLS, with tokens and certificates', async () => {
  const tokens = join(scratch.path, 'tokens');
  const token = await run(['token', 'new', 'lab1'], scratch.path);
  expect(token).toMatchObject({ exitCode: 0, stderr: '' });
  await writeFile(tokens, token.stdout);
  const [cert, key, ca] = [certificatePath('server'), keyPath('server'), certificatePath('ca')];
  const guarded = ['--tls-cert', cert, '--tls-key', key, '--client-ca', ca, '--token-file', tokens];
  await using server = await startServer('tls-state', [...guarded, '--log-level', 'debug']);
  const cwd = await scratch.folder('tls');
  const shown = [
    '--ca',
    ca,
    '--cert',
    certificatePath('client'),
    '--key',
    keyPath('client'),
    '--token-file',
    tokens,
  ];
  const options = ['--server', `resos://localhost:${server.port}`, ...shown];
  for (const command of [...COMMANDS, ['health']]) {
    const many = command[0] === 'health' ? [] : ['--connections', '32', '--verbose'];
    const { exitCode, stderr } = await run([...command, ...options, ...many], cwd);
    expect([command[0], exitCode, stderr]).toEqual([command[0], 0, expect.not.stringMatching(/warn/i)]);
  }
  expect(await server.stop()).toBe(0);
  expect(logLines(server.log).map(({ msg }) => msg)).not.toContainEqual(
    expect.stringMatching(/warning from Node/),
  );
});

test('what Node warns of is said with -v and logged at debug, and otherwise nowhere', async () => {
  const environment = { NODE_OPTIONS: `--require=${await writeWarner()}` };
  await using quiet = await startServer('quiet-state', [], environment);
  await using server = await startServer('debug-state', ['--log-level', 'debug'], environment);
  const cwd = await scratch.folder('warned');
  const options = ['--server', `127.0.0.1:${quiet.port}`];
  for (const command of [...COMMANDS, ['health']]) {
    const { exitCode, stderr } = await run([...command, ...options, '--quiet'], cwd, environment);
    expect([command[0], exitCode, stderr]).toEqual([command[0], 0, '']);
  }
  const { stderr } = await run(['ls', ...options, '--verbose'], cwd, environment);
  expect(stderr).toMatch(/^reso: warning from Node\.js: ExperimentalWarning: made by a test$/m);
  for (const one of [quiet, server]) expect(await one.stop()).toBe(0);
  const warned = { msg: expect.stringMatching(/ExperimentalWarning: made by a test/) as string };
  expect(logLines(quiet.log)).not.toContainEqual(expect.objectContaining(warned));
  expect(logLines(server.log)).toContainEqual(expect.objectContaining({ level: 'debug', ...warned }));
});
