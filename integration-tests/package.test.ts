import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkPackages, packInto } from './support/built-program';
import { REPOSITORY } from './support/checkout';
import { sha256 } from './support/generated-images';
import { HostServer } from './support/host-server';
import { runCommand, runToSuccess } from './support/run-command';
import { Scratch } from './support/scratch';
import { testRun } from './support/test-run';

interface Manifest {
  readonly version: string;
  readonly bin: { readonly reso: string };
}

let scratch: Scratch;
let checkout: string;
let consumer: string;
let packed: string[];
let manifest: Manifest;

beforeAll(async () => {
  scratch = await Scratch.make();
  checkout = join(scratch.path, 'checkout');
  await cp(testRun().checkout, checkout, { recursive: true });
  manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as Manifest;
  await linkPackages(checkout);
  const { path, files } = await packInto(scratch.path, checkout);
  packed = files;
  consumer = await scratch.folder('consumer');
  await writeFile(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }');
  const quiet = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  await runToSuccess({ cwd: consumer }, 'npm', 'install', ...quiet, path);
});

afterAll(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

describe('the npm package, installed elsewhere', () => {
  test('holds what was built, and neither tests nor images', () => {
    expect(packed).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'LICENSE', 'docs/protocol.md']),
    );
    expect(packed.filter((path) => /\.test\.|fixtures|^(src|images|integration-tests)\//.test(path))).toEqual(
      [],
    );
  });

  test('brings the program `reso`', async () => {
    const setting = { cwd: consumer };
    const version = await runToSuccess(setting, 'npx', '--no-install', 'reso', '--version');
    expect(version.trim()).toBe(manifest.version);
    expect(await runToSuccess(setting, 'npx', '--no-install', 'reso', '--help')).toContain('serve');
  });

  test.each([
    ['required', 'round-trip.cjs', `const { connect, serve } = require('reso-images');`],
    ['imported', 'round-trip.mjs', `import { connect, serve } from 'reso-images';`],
  ])('%s, it serves and fetches', async (_, file, first) => {
    const script = `${first}
      (async () => {
        const server = await serve({ folder: process.argv[2], host: '127.0.0.1', port: 0 });
        const client = connect({ port: server.port });
        const { downloaded } = await client.download(['img.jpg'], { output: process.argv[3] });
        client.close();
        await server.close();
        console.log(downloaded);
      })();`;
    await writeFile(join(consumer, file), script);
    const [images, output] = [join(checkout, 'images'), join(scratch.path, file)];
    expect(await runToSuccess({ cwd: consumer }, 'node', file, images, output)).toBe('1\n');
    expect(await sha256(join(output, 'img.jpg'))).toBe(await sha256(join(images, 'img.jpg')));
  });

  test('has types, which a strict compiler takes', async () => {
    await mkdir(join(consumer, 'node_modules/@types'), { recursive: true });
    await symlink(join(REPOSITORY, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'));
    await writeFile(
      join(consumer, 'typed.ts'),
      `import { connect, serve, type DownloadResult, type ServeHandle } from 'reso-images';
      export async function fetchAll(): Promise<DownloadResult[]> {
        const server: ServeHandle = await serve({ folder: 'images', port: 0 });
        const results: DownloadResult[] = [];
        await connect({ port: server.port }).download(undefined, { onResult: (result) => results.push(result) });
        return results;
      }
      // @ts-expect-error a port is a number
      connect({ port: 'five' });`,
    );
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
    expect(await runCommand({ cwd: consumer }, 'node', tsc, ...options, 'typed.ts')).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
  });
});

describe('the program, built in a clone', () => {
  test('holds a session through a pipe: the prompts, the sentences, the image', async () => {
    const images = join(checkout, 'images');
    const program = join(checkout, manifest.bin.reso);
    await using server = await HostServer.start(program, images, join(scratch.path, 'state'));
    const session =
      `printf '127.0.0.1\\n${server.port}\\nnope.jpg\\nimg.jpg\\n\\n' | ` +
      `node "$(node -p "require('./package.json').bin.reso")" get -i -o "${scratch.path}/OUT"`;
    const stdout = await runToSuccess({ cwd: checkout }, 'sh', '-c', session);
    const lines = stdout.split('\n').map((line) => line.trimEnd());
    expect(lines.filter((line) => line !== '')).toEqual([
      'Enter ip -->',
      'Enter port -->',
      'Enter file name on server -->',
      "File doesn't exist on server.",
      'Enter file name on server -->',
      'img.jpg successfully downloaded.',
      'Enter file name on server -->',
    ]);
    expect(await sha256(join(scratch.path, 'OUT/img.jpg'))).toBe(await sha256(join(images, 'img.jpg')));
  });

  test('runs from its sources with ts-node, too', async () => {
    const version = await runToSuccess({ cwd: checkout }, 'npx', 'ts-node', 'src/cli/main.ts', '--version');
    expect(version.trim()).toBe(manifest.version);
  });
});
