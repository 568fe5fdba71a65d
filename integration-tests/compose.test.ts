import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, newToken } from '../src';
import { certificatePath, keyPath } from '../src/access/fixtures/certificate';
import { ComposeProject } from './support/compose-project';
import { freePort } from './support/free-port';
import { areIdentical, digestsOf, filesIn, MIB, writeImage } from './support/generated-images';
import { RootShell } from './support/root-shell';
import { Scratch } from './support/scratch';
import { testRun } from './support/test-run';

/** Neither 1000, which is `node` in the images, nor root. */
const OWNER = '4242:4243';

let scratch: Scratch;
let project: ComposeProject;
let port: number;
let httpPort: number;
let images: string;
let downloads: string;
/** What ./downloads holds before anything was downloaded. */
let inTheClone: Record<string, string>;
let shell: RootShell;

/** Of what the gallery's server answers over TLS, whose certificate is by the authority of the tests. */
async function statusOverTls(path: string, token?: string): Promise<number | undefined> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const ca = await readFile(certificatePath('ca'));
  const sent = get({ host: 'localhost', port: httpPort, path, headers, ca });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

beforeAll(async () => {
  scratch = await Scratch.make();
  const folder = join(scratch.path, 'reso');
  await cp(testRun().checkout, folder, { recursive: true });
  images = join(folder, 'images');
  downloads = join(folder, 'downloads');
  inTheClone = await digestsOf(downloads);
  shell = await RootShell.in(downloads);
  await shell.run(`chown ${OWNER} .`);
  port = await freePort();
  httpPort = await freePort();
  project = new ComposeProject({ folder, name: `reso-integration-${testRun().id}`, port, httpPort });
  expect(await project.compose('up', '-d')).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await project?.down();
  await shell?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

test('`docker compose up -d` brings the server alone, with no rights, bounded, and nothing to write to but its volumes', async () => {
  const [server, ...others] = await project.containers();
  expect(others).toEqual([]);
  expect(server!.Config.Labels['com.docker.compose.service']).toBe('server');
  expect(server!.HostConfig).toMatchObject({
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    Privileged: false,
    Memory: 512 * MIB,
    PidsLimit: 128,
  });
  const writable = server!.Mounts.filter(({ RW }) => RW).map(({ Destination, Type }) => [Destination, Type]);
  expect(writable.sort()).toEqual([
    ['/cache', 'volume'],
    ['/state', 'volume'],
  ]);
});

test('`docker compose run --rm client img.jpg` downloads it for the owner of ./downloads, and leaves no container', async () => {
  const { exitCode, stdout } = await project.compose('run', '--rm', 'client', 'img.jpg');
  // Before it, Compose says how it builds the image.
  expect(stdout).toMatch(/(^|\n)img\.jpg successfully downloaded\.\n$/);
  expect(exitCode).toBe(0);
  expect(await areIdentical(join(downloads, 'img.jpg'), join(images, 'img.jpg'))).toBe(true);
  expect(await shell.run('stat -c "%u:%g %a" img.jpg')).toBe(`${OWNER} 644`);
  expect(await project.containers()).toHaveLength(1);
});

test('the gallery is where the log of `docker compose up` says, with thumbnails and the originals themselves', async () => {
  const { stdout } = await project.compose('logs', '--no-log-prefix', 'server');
  const [, gallery] = /Gallery: (\S+)/.exec(stdout) ?? [];
  expect(gallery).toBe(`http://localhost:${httpPort}/`);
  const page = await fetch(gallery!, { headers: { Accept: 'text/html' } });
  expect(await page.text()).toContain('img.jpg');
  const thumbnail = await fetch(`${gallery}renditions/img.jpg?w=320&f=webp`);
  expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(Buffer.from(await thumbnail.arrayBuffer()).toString('latin1', 8, 12)).toBe('WEBP');
  const original = await fetch(`${gallery}images/img.jpg`);
  const bytes = Buffer.from(await original.arrayBuffer());
  expect(bytes.equals(await readFile(join(images, 'img.jpg')))).toBe(true);
});

test('`docker compose run --rm client ls` lists the images', async () => {
  const { exitCode, stdout } = await project.compose('run', '--rm', 'client', 'ls');
  expect(stdout.trimEnd().split('\n').sort()).toEqual(await filesIn(images));
  expect(exitCode).toBe(0);
});

test('`docker compose run --rm client get --all` downloads every image', async () => {
  const { exitCode } = await project.compose('run', '--rm', 'client', 'get', '--all');
  expect(exitCode).toBe(0);
  const sent = await digestsOf(images);
  expect(await digestsOf(downloads)).toEqual({ ...inTheClone, ...sent });
  expect(await shell.run(`find . -mindepth 1 -not -name '.git*' -printf '%U:%G\\n' | sort -u`)).toBe(OWNER);
});

test('a name that the server lacks: `docker compose run` exits 3', async () => {
  const before = await readdir(downloads);
  const { exitCode, stderr } = await project.compose('run', '--rm', 'client', 'nope.jpg');
  expect(exitCode).toBe(3);
  expect(stderr).toContain("nope.jpg: File doesn't exist on server.");
  expect(await readdir(downloads)).toEqual(before);
});

test('the server is reachable on the published port', async () => {
  const client = connect({ port, retries: 0 });
  const names: string[] = [];
  for await (const { name } of client.list()) names.push(name);
  client.close();
  expect(names.sort()).toEqual(await filesIn(images));
});

test('RESO_IMAGES and RESO_DOWNLOADS name other folders, whose paths may have spaces', async () => {
  const [photos, output] = [await scratch.folder('my photos'), await scratch.folder('my downloads')];
  await writeImage(photos, 'mine.jpg', 10_000);
  const mine = project.with({ RESO_IMAGES: photos, RESO_DOWNLOADS: output });
  expect(await mine.compose('up', '-d')).toMatchObject({ exitCode: 0 });
  expect(await mine.compose('run', '--rm', 'client', 'mine.jpg')).toMatchObject({ exitCode: 0 });
  expect(await areIdentical(join(output, 'mine.jpg'), join(photos, 'mine.jpg'))).toBe(true);
});

test('a folder that does not exist is an error that names it, and is not created', async () => {
  const missing = join(scratch.path, 'mistyped');
  const { exitCode, stderr } = await project.with({ RESO_IMAGES: missing }).compose('up', '-d');
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(missing);
  expect(await readdir(scratch.path)).not.toContain('mistyped');
});

test('docker/compose.tls.yml: TLS and tokens between server and client; nobody else comes in', async () => {
  const [secrets, output] = [await scratch.folder('secrets'), await scratch.folder('verified')];
  const token = newToken();
  const files = {
    'server/cert.pem': await readFile(certificatePath('server')),
    'server/key.pem': await readFile(keyPath('server')),
    'server/tokens': `lab1 ${token}\n`,
    'client/ca.pem': await readFile(certificatePath('ca')),
    'client/token': token,
  };
  for (const folder of ['server', 'client']) await scratch.folder(join('secrets', folder));
  for (const [name, content] of Object.entries(files)) await writeFile(join(secrets, name), content);
  const guarded = project.with({
    COMPOSE_FILE: 'docker-compose.yml:docker/compose.tls.yml',
    RESO_SECRETS: secrets,
    RESO_DOWNLOADS: output,
  });
  expect(await guarded.compose('up', '-d')).toMatchObject({ exitCode: 0 });
  expect(await guarded.compose('run', '--rm', 'client', 'img.jpg')).toMatchObject({ exitCode: 0 });
  expect(await areIdentical(join(output, 'img.jpg'), join(images, 'img.jpg'))).toBe(true);
  const { stdout } = await guarded.compose('logs', '--no-log-prefix', 'server');
  expect(stdout).toContain(`Gallery: https://localhost:${httpPort}/\n`);
  expect(await statusOverTls('/api/images')).toBe(401);
  expect(await statusOverTls('/api/images', token)).toBe(200);
  await writeFile(join(secrets, 'client/token'), newToken());
  expect(await guarded.compose('run', '--rm', 'client', 'img.jpg')).toMatchObject({ exitCode: 6 });
  const plain = connect({ port, retries: 0 });
  await expect(plain.ping()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  plain.close();
});

test('`docker compose down -v` leaves nothing behind', async () => {
  await project.down();
  expect(await project.containers()).toEqual([]);
  expect(await project.networksAndVolumes()).toEqual([]);
});
