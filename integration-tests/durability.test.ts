import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { areIdentical, MIB, writeImage } from './support/generated-images';
import { HostServer } from './support/host-server';
import { runToSuccess } from './support/run-command';
import { Scratch } from './support/scratch';
import { traceCommand, type SystemCall, type Traced } from './support/system-calls';
import { builtProgram } from './support/test-run';

/** Small ones are written at once, large ones as they come; several share a folder. */
const IMAGES: Readonly<Record<string, number>> = {
  'small.jpg': 50_000,
  'empty.jpg': 0,
  'large.tif': 9 * MIB,
  'a/b/deep.png': 300_000,
  'a/b/large.tif': 3 * MIB,
};

let scratch: Scratch;
let program: string;
let images: string;
let server: HostServer;
let outputs = 0;

beforeAll(async () => {
  scratch = await Scratch.make();
  program = builtProgram();
  images = await scratch.folder('images');
  for (const [name, size] of Object.entries(IMAGES)) await writeImage(images, name, size);
  for (let i = 0; i < 200; i++) await writeImage(images, `many/${i}.jpg`, 1000);
  server = await HostServer.start(program, images, await scratch.folder('state'));
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

/** A folder that is not there yet, in another that is not. */
const newOutput = () => join(scratch.path, `outputs-${++outputs}`, 'output');

async function trace(...args: string[]): Promise<Traced> {
  const log = join(scratch.path, 'trace');
  const command = [program, ...args, '-s', `127.0.0.1:${server.port}`];
  const traced = await traceCommand({ cwd: scratch.path }, log, process.execPath, ...command);
  expect(traced).toMatchObject({ exitCode: 0 });
  return traced;
}

const isSync = ({ name }: SystemCall) => /sync/.test(name);
const succeeded = ({ text }: SystemCall) => / = 0$/.test(text);

/** Fails unless one of `calls` began after `from` and ended before `to`, with success. */
function expectBetween(what: string, calls: readonly SystemCall[], from: number, to: number): void {
  const between = calls.filter((call) => call.begun > from && call.ended < to && succeeded(call));
  expect([what, between.length > 0]).toEqual([what, true]);
}

/**
 * The order that holds against a power loss: all bytes, fsync, rename, fsync of the folders up to `top`, and only then
 * the word.
 */
function expectDurable({ calls }: Traced, output: string, name: string, word: string, top: string): void {
  const target = join(output, name);
  const rename = calls.find(
    (call) => call.name.startsWith('rename') && call.text.includes(`, "${target}")`),
  )!;
  expect(rename.text).toMatch(/ = 0$/);
  const part = /"([^"]+\.part)"/.exec(rename.text)![1]!;
  const onPart = calls.filter(({ text }) => text.includes(`<${part}>`));
  const changes = onPart.filter((call) => !isSync(call));
  if (IMAGES[name]! > 0) expect(changes.some((call) => call.name.includes('write'))).toBe(true);
  const lastChange = Math.max(...changes.map(({ ended }) => ended));
  expect(lastChange).toBeLessThan(rename.begun);
  expectBetween(`fsync of ${name}`, onPart.filter(isSync), lastChange, rename.begun);

  // At the begin of a line: another image's name may end in this one's.
  const says = (text: string) => text.includes(`"${word}`) || text.includes(`\\n${word}`);
  const told = calls.find(({ text }) => text.startsWith('write(1<') && says(text))!;
  expect(told).toBeDefined();
  const syncsOf = (path: string) => calls.filter((call) => isSync(call) && call.text.includes(`<${path}>`));
  expectBetween(`fsync of the folder of ${name}`, syncsOf(dirname(target)), rename.ended, told.begun);
  for (let path = dirname(target); path !== top;) {
    path = dirname(path);
    expectBetween(`fsync of ${path} for ${name}`, syncsOf(path), 0, told.begun);
  }
}

test.each([
  ['get', (output: string) => ['get', ...Object.keys(IMAGES), '-o', output, '--durable']],
  ['sync', (output: string) => ['sync', output, '--exclude', 'many', '--durable']],
])('%s --durable: write, fsync, rename, fsync of the folders, and then the word', async (_, argsFor) => {
  const output = newOutput();
  const traced = await trace(...argsFor(output));
  for (const name of Object.keys(IMAGES)) {
    expectDurable(traced, output, name, `${name} successfully downloaded.`, scratch.path);
    expect(await areIdentical(join(output, name), join(images, name))).toBe(true);
  }
});

test('verify --repair --durable: the same for blocks that were mended', async () => {
  const output = await fetched('large.tif');
  const file = await open(join(output, 'large.tif'), 'r+');
  await file.write(randomBytes(100), 0, 100, 5 * MIB);
  await file.close();
  const traced = await trace('verify', output, '--repair', '--durable');
  expectDurable(traced, output, 'large.tif', 'large.tif', output);
  expect(await areIdentical(join(output, 'large.tif'), join(images, 'large.tif'))).toBe(true);
});

test('an image that was there already is written out before it is said to be', async () => {
  const output = await fetched('a/b/deep.png');
  const { calls } = await trace('get', 'a/b/deep.png', '-o', output, '--durable');
  const synced = calls.filter((call) => isSync(call) && succeeded(call)).map(({ text }) => text);
  for (const path of ['a/b/deep.png', 'a/b', 'a', '']) {
    expect(synced).toContainEqual(expect.stringContaining(`<${join(output, path)}>`));
  }
});

test('many small images in one folder share its fsyncs', async () => {
  const output = newOutput();
  const { calls } = await trace('get', 'many', '-o', output, '--durable');
  const ofFolder = calls.filter((call) => isSync(call) && call.text.includes(`<${join(output, 'many')}>`));
  const ofFiles = calls.filter((call) => isSync(call) && call.text.includes('.part>'));
  expect(ofFiles).toHaveLength(200);
  expect(ofFolder.length).toBeLessThan(200);
});

test('without --durable nothing waits for the disk', async () => {
  const { calls } = await trace('get', ...Object.keys(IMAGES), '-o', newOutput());
  expect(calls.filter((call) => call.name.startsWith('rename')).length).toBeGreaterThan(4);
  expect(calls.filter(isSync)).toEqual([]);
});

async function fetched(name: string): Promise<string> {
  const output = newOutput();
  const args = [program, 'get', name, '-o', output, '-s', `127.0.0.1:${server.port}`];
  await runToSuccess({ cwd: scratch.path }, process.execPath, ...args);
  return output;
}
