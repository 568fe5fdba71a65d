import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
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

/** Gives the consumer a package of ours, as if it had installed that. */
async function lendPackage(name: string): Promise<void> {
  const link = join(consumer, 'node_modules', name);
  await mkdir(dirname(link), { recursive: true });
  await rm(link, { force: true });
  await symlink(join(REPOSITORY, 'node_modules', name), link);
}

async function expectCompiles(file: string, source: string): Promise<void> {
  await writeFile(join(consumer, file), source);
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  expect(await runCommand({ cwd: consumer }, 'node', tsc, ...options, file)).toMatchObject({
    exitCode: 0,
    stdout: '',
  });
}

describe('the npm package, installed elsewhere', () => {
  test('holds every file that its README links to', async () => {
    const readme = await readFile(join(checkout, 'README.md'), 'utf8');
    const targets = [...readme.matchAll(/\]\(([^)#\s]+)[^)]*\)|src(?:set)?="([^"]+)"/g)].map(
      (found) => found[1] ?? found[2]!,
    );
    const links = targets
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => posix.normalize(target));
    expect(links).not.toEqual([]);
    const isPacked = (link: string) =>
      packed.some((file) => file === link || file.startsWith(`${link.replace(/\/$/, '')}/`));
    expect(links.filter((link) => !isPacked(link))).toEqual([]);
  });

  test('holds what was built, and no sources, tests or images', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        'dist/index.js',
        'dist/index.d.ts',
        'dist/testing/index.d.ts',
        'dist/reso.1',
        'dist/cli/completion.bash',
        'LICENSE',
        'docs/protocol.md',
      ]),
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

  test('says what serving a bucket needs, where that is missing', async () => {
    const program = join(consumer, 'node_modules/reso-images', manifest.bin.reso);
    const { exitCode, stderr } = await runCommand({ cwd: consumer }, 'node', program, 'serve', 's3://photos');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('npm install @aws-sdk/client-s3');
  });

  test('has types, which a strict compiler takes', async () => {
    await lendPackage('@types/node');
    await expectCompiles(
      'typed.ts',
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
  });
});

describe('its testing kit, installed elsewhere', () => {
  const PROXIED = `import { FaultProxy, type Faults } from 'reso-images/testing';
    const faults: Faults = { cutAfter: 1000, replay: { from: 0, to: 9 } };
    export const start = async () => (await FaultProxy.start({ port: 5005 })).next({ fromServer: faults });
    // @ts-expect-error no such fault
    export const wrong: Faults = { cutBefore: 1000 };`;

  const CONTAINED = `import { ResoServerContainer, type StartedResoServerContainer } from 'reso-images/testing';
    export async function start(): Promise<string> {
      const container = new ResoServerContainer('reso-server').withImages('images').withName('images');
      const started: StartedResoServerContainer = await container.withState().start();
      const port: number = started.getPort();
      return \`\${started.getAddress()} \${started.getId()} \${port}\`;
    }
    // @ts-expect-error an image is named by a string
    new ResoServerContainer(5);`;

  test.each([
    ['required', 'proxy.cjs', `const { FaultProxy, ResoServerContainer } = require('reso-images/testing');`],
    ['imported', 'proxy.mjs', `import { FaultProxy, ResoServerContainer } from 'reso-images/testing';`],
  ])(
    '%s, the proxy works without testcontainers, and a container says what is missing',
    async (_, file, first) => {
      const script = `${first}
      FaultProxy.start({ port: 1 }).then(async (proxy) => {
        console.log(proxy.port > 0);
        await proxy.close();
        try { new ResoServerContainer('reso-server'); } catch (error) { console.log(error.code, error.message); }
      });`;
      await writeFile(join(consumer, file), script);
      const stdout = await runToSuccess({ cwd: consumer }, 'node', file);
      expect(stdout).toMatch(/^true\nUSAGE .*npm install --save-dev testcontainers\n$/);
    },
  );

  test('has types, which a strict compiler takes, with testcontainers and without', async () => {
    await lendPackage('@types/node');
    await expectCompiles('proxied.ts', PROXIED);
    await lendPackage('testcontainers');
    await expectCompiles('proxied.ts', PROXIED);
    await expectCompiles('contained.ts', CONTAINED);
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
