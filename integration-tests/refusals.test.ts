import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jsonResults, runClient } from './support/client';
import { areIdentical, writeImage } from './support/generated-images';
import { useScene } from './support/scene';

const scene = useScene();

beforeAll(async () => {
  await writeImage(scene.images, 'img.jpg', 100_000);
});

/** Fails if anything was made, or only touched, in the folder meanwhile. */
async function expectUntouched(folder: string, act: () => Promise<void>): Promise<void> {
  const before = await stat(folder);
  await act();
  expect(await readdir(folder)).toEqual([]);
  expect((await stat(folder)).mtimeMs).toBe(before.mtimeMs);
}

test('a name that the server lacks: exit 3, one line, and the output folder untouched', async () => {
  const client = await scene.client();
  await expectUntouched(client.output, async () => {
    const { exitCode, stdout, stderr } = await runClient(client, 'nope.jpg');
    expect(exitCode).toBe(3);
    expect(stdout).toBe('');
    expect(stderr.split('\n')).toContain("nope.jpg: File doesn't exist on server.");
  });
});

test('names that lead out of the folder, or to what is hidden in it: exit 3, and the output folder untouched', async () => {
  await writeFile(join(scene.images, '.hidden.jpg'), 'hidden');
  const names = ['../etc/passwd', '/etc/passwd', '..', '.hidden.jpg', 'a/../img.jpg'];
  const client = await scene.client();
  await expectUntouched(client.output, async () => {
    const ended = await runClient(client, 'get', '--json', ...names);
    expect(jsonResults(ended).map(({ name, code }) => [name, code])).toEqual(
      expect.arrayContaining(names.map((name) => [name, 'NOT_FOUND'])),
    );
    expect(ended.exitCode).toBe(3);
  });
});

test('a symlink, a FIFO and a folder named like images: exit 3, and the server serves on', async () => {
  await symlink('/etc/hostname', join(scene.images, 'link.jpg'));
  await symlink('img.jpg', join(scene.images, 'inner-link.jpg'));
  await promisify(execFile)('mkfifo', [join(scene.images, 'pipe.jpg')]);
  await mkdir(join(scene.images, 'folder.jpg'));
  const names = ['link.jpg', 'inner-link.jpg', 'pipe.jpg', 'folder.jpg'];
  const client = await scene.client();
  await expectUntouched(client.output, async () => {
    const ended = await runClient(client, 'get', '--json', ...names);
    expect(
      jsonResults(ended)
        .map(({ name, code }) => [name, code])
        .sort(),
    ).toEqual(names.map((name) => [name, 'NOT_FOUND']).sort());
    expect(ended.exitCode).toBe(3);
  });
  expect((await scene.server.exec(['reso', 'health'])).exitCode).toBe(0);
  expect((await runClient(client, 'img.jpg')).exitCode).toBe(0);
  const { stdout } = await runClient(client, 'ls');
  expect(stdout).toBe('img.jpg\n');
});

test('a different file of that name is kept: exit 7, and --overwrite replaces it', async () => {
  const client = await scene.client();
  const target = join(client.output, 'img.jpg');
  await writeFile(target, 'mine');
  const { exitCode, stderr } = await runClient(client, 'img.jpg');
  expect(exitCode).toBe(7);
  expect(stderr).toMatch(/^img\.jpg: A different file with this name already exists\..*--overwrite/m);
  expect(await readFile(target, 'utf8')).toBe('mine');
  expect(await readdir(client.output)).toEqual(['img.jpg']);
  expect((await runClient(client, '--overwrite', 'img.jpg')).exitCode).toBe(0);
  expect(await areIdentical(target, join(scene.images, 'img.jpg'))).toBe(true);
});

test('several kinds of failure in one batch: exit 8, and what could be fetched is there', async () => {
  await writeImage(scene.images, 'other.jpg', 1000);
  const client = await scene.client();
  await writeFile(join(client.output, 'img.jpg'), 'mine');
  const { exitCode, stdout } = await runClient(client, 'img.jpg', 'nope.jpg', 'other.jpg');
  expect(exitCode).toBe(8);
  expect(stdout).toBe('other.jpg successfully downloaded.\n');
  expect((await readdir(client.output)).sort()).toEqual(['img.jpg', 'other.jpg']);
});

test.each([
  ['server:1', 'after all retries', /Trying again in .* \(1 of 1\)/],
  // A resolver that is not sure has it tried again.
  ['no-such-host:5005', 'once the name is known to be wrong', /host name/],
])('nobody answers at %s: exit 4 %s, one line that names it', async (address, _, said) => {
  const client = await scene.client();
  await expectUntouched(client.output, async () => {
    const { exitCode, stderr } = await runClient(client, '--server', address, '--retries', '1', 'img.jpg');
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(said);
    expect(stderr.split('\n').filter((line) => line.startsWith('img.jpg: '))).toEqual([
      expect.stringContaining(address),
    ]);
  });
});

test('a call that makes no sense: exit 2, and a hint', async () => {
  const { exitCode, stderr } = await runClient(await scene.client(), 'get', '--nonsense', 'img.jpg');
  expect(exitCode).toBe(2);
  expect(stderr).toContain("See 'reso get --help'");
});
