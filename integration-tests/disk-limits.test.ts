import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newClient } from './support/client';
import { areIdentical, filesIn, MIB, writeImage } from './support/generated-images';
import { HostServer } from './support/host-server';
import { runCommand, runToSuccess } from './support/run-command';
import { useScene } from './support/scene';
import { Scratch } from './support/scratch';
import { builtProgram } from './support/test-run';

const scene = useScene();

test.each([
  ['small.jpg', 50_000, 49_999],
  ['large.tif', 3 * MIB, 3 * MIB - 1],
])('%s: a disk that takes no more inside the last write ends as exit 7', async (name, size, limit) => {
  await using scratch = await Scratch.make();
  const program = builtProgram();
  const images = await scratch.folder('images');
  await writeImage(images, name, size);
  await using server = await HostServer.start(program, images, await scratch.folder('state'));
  const output = await scratch.folder('output');
  const get = [process.execPath, program, 'get', name, '-o', output, '-s', `127.0.0.1:${server.port}`];
  const full = await runCommand({ cwd: scratch.path }, 'prlimit', `--fsize=${limit}`, ...get);
  expect(full).toMatchObject({ exitCode: 7, stdout: '' });
  expect(full.stderr).toContain(`${name}: `);
  expect((await readdir(output)).filter((file) => file !== '.reso')).toEqual([]);
  const [node, ...args] = get;
  expect(await runCommand({ cwd: scratch.path }, node!, ...args)).toMatchObject({ exitCode: 0 });
  expect(await areIdentical(join(output, name), join(images, name))).toBe(true);
  expect(await filesIn(output)).toEqual([name]);
});

test('no inodes: exit 7, the image named, nothing under its name; with room made, the next run completes', async () => {
  await writeImage(scene.images, 'img.jpg', 50_000);
  const tmpfs = { '/downloads': 'size=16m,nr_inodes=3' };
  const setting = { network: scene.network, tmpfs, entrypoint: ['sleep', 'infinity'] };
  await using client = await newClient(setting).start();
  const get = () => client.exec(['node', '/app/docker/client-entrypoint.js', 'get', 'img.jpg']);
  const shell = async (script: string) => (await client.exec(['sh', '-c', script])).output;
  await shell('touch /downloads/in-the-way');
  const full = await get();
  expect(full.exitCode).toBe(7);
  expect(full.stderr).toContain('img.jpg: ');
  expect(await shell('find /downloads -name img.jpg')).toBe('');
  await shell('rm /downloads/in-the-way');
  expect((await get()).exitCode).toBe(0);
  expect(await shell('ls -A /downloads')).toBe('img.jpg\n');
});

/** `$0` is an output folder, the rest a command that downloads `many` into it. The first line of a copy's is its exit code. */
const READ_ONLY_HALF_WAY = `
  until_done() { until "$@" 2>/dev/null; do sleep 0.02; done; }
  copies() { (cd "$0" && find . -type f -exec sha256sum {} + | sort -k 2); }
  some_came() { [ "$(find "$0/many" -name '*.jpg' | wc -l)" -ge 3 ]; }
  mount -t tmpfs -o size=64m tmpfs "$0" || exit 1
  "$@" --bwlimit 200K & client=$!
  until_done some_came
  # Not while a file is open for writing.
  until_done mount -o remount,ro "$0"
  wait $client; echo "exit $?"; copies
  mount -o remount,rw "$0"
  "$@"; echo "exit $?"; copies`;

test('a file system that turns read-only half-way: exit 7, what has a name is whole, the next run completes', async () => {
  await using scratch = await Scratch.make();
  const program = builtProgram();
  const images = await scratch.folder('images');
  for (let i = 0; i < 40; i++) await writeImage(images, `many/${i}.jpg`, 100_000 + i);
  await using server = await HostServer.start(program, images, await scratch.folder('state'));
  const output = await scratch.folder('output');
  const get = [
    process.execPath,
    program,
    'get',
    'many',
    '-q',
    '-o',
    output,
    '-s',
    `127.0.0.1:${server.port}`,
  ];
  const inNamespace = ['timeout', '300', 'unshare', '--map-root-user', '--mount', 'sh', '-c'];
  const [command, ...args] = [...inNamespace, READ_ONLY_HALF_WAY, output, ...get];
  const { exitCode, stdout, stderr } = await runCommand({ cwd: scratch.path }, command!, ...args);
  // A machine that forbids namespaces or mounts in them says so here.
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const [, interrupted, completed] = stdout.split(/^exit /m).map((text) => text.trim().split('\n'));
  const copies = await runCommand(
    { cwd: images },
    'sh',
    '-c',
    'find . -type f -exec sha256sum {} + | sort -k 2',
  );
  const whole = copies.stdout.trim().split('\n');
  expect(whole).toHaveLength(40);
  expect(stderr).toContain('the file system is read-only');
  expect(interrupted![0]).toBe('7');
  const came = interrupted!.slice(1).filter((line) => !line.includes('/.reso/'));
  expect(came.length).toBeGreaterThanOrEqual(3);
  expect(came.length).toBeLessThan(40);
  expect(whole).toEqual(expect.arrayContaining(came));
  expect(completed).toEqual(['0', ...whole]);
});

/** `$0` is an output folder, the rest a program. Prints of each command its exit code, and what it said. */
const UNWRITABLE = `
  output=$0
  try() { rm -rf "$output"/* "$output"/.reso 2>/dev/null; "$@" -q >out 2>err; echo "exit $?: $(cat err)"; echo; }
  mount -t tmpfs -o "$MOUNT" tmpfs "$output" || exit 1
  try "$@" get --all -o "$output"
  try "$@" get --locked images.lock -o "$output"
  try "$@" sync "$output"
  try "$@" verify "$output" --repair`;

test.each([
  ['read-only', 'ro', 'the file system is read-only'],
  ['full', 'size=128k', 'the disk is full'],
])('an output that is %s: exit 7 and one line, however many images', async (_, mount, why) => {
  await using scratch = await Scratch.make();
  const program = builtProgram();
  const images = await scratch.folder('images');
  for (let i = 0; i < 40; i++) await writeImage(images, `many/${i}.jpg`, 20_000);
  await using server = await HostServer.start(program, images, await scratch.folder('state'));
  const environment = { RESO_SERVER: `127.0.0.1:${server.port}`, MOUNT: mount };
  const setting = { cwd: scratch.path, environment };
  const lock = await runToSuccess(setting, process.execPath, program, 'lock');
  await writeFile(join(scratch.path, 'images.lock'), lock);
  const inNamespace = ['--map-root-user', '--mount', 'sh', '-c', UNWRITABLE, await scratch.folder('output')];
  const { stdout } = await runCommand(setting, 'unshare', ...inNamespace, process.execPath, program);
  const ends = stdout.trim().split('\n\n');
  expect(ends).toEqual(Array(4).fill(expect.stringMatching(new RegExp(`^exit 7: .*${why}.*$`))));
});
