import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HostServer } from './support/host-server';
import { Scratch } from './support/scratch';
import { ShellSession } from './support/shell-session';
import { writeImage } from './support/generated-images';
import { builtProgram } from './support/test-run';
import { waitUntil } from './support/wait-until';

const NAMES = [
  'my cats.jpg',
  'my-dog.jpg',
  'folder/sub/c.jpg',
  "it's [1] $x.jpg",
  'x:y.jpg',
  'zürich 山.jpg',
];

let scratch: Scratch;
let server: HostServer;
let folder: string;

beforeAll(async () => {
  scratch = await Scratch.make();
  const images = await scratch.folder('images');
  for (const name of NAMES) await writeImage(images, name, 10);
  server = await HostServer.start(builtProgram(), images, await scratch.folder('state'));
  folder = await scratch.folder('here');
  await mkdir(join(folder, 'my photos'));
  await mkdir(join(folder, 'get'));
  await writeFile(join(folder, 'some names.txt'), '');
  await writeProgram();
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await scratch?.[Symbol.asyncDispose]();
});

const record = () => join(scratch.path, 'record');

/** Notes what it is called with: one line for each argument. Only what the shell itself asks is answered. */
async function writeProgram(): Promise<void> {
  const path = join(await scratch.folder('bin'), 'reso');
  const script = `#!/bin/sh
case $1 in __complete | completion) exec '${process.execPath}' '${builtProgram()}' "$@" ;; esac
printf '%s\\n' "$@" >'${record()}.part' && mv '${record()}.part' '${record()}'
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
}

/** Files that the shells read when they start, below a folder that is their home. */
const STARTUP = {
  // Without this folder fish starts to fill it from all man pages, and is still at it when the tests have ended.
  '.local/share/fish/generated_completions/none.fish': '',
  '.bashrc': `eval "$(reso completion bash)"; PS1='ready> '`,
  '.zshrc': `autoload -U compinit; compinit -D -u; eval "$(reso completion zsh)"; PS1='ready> '`,
  '.config/fish/config.fish': `set -g fish_greeting; function fish_prompt; echo 'ready> '; end; reso completion fish | source`,
};

const SHELLS = {
  bash: 'bash --noprofile --rcfile "$HOME/.bashrc" -i',
  zsh: 'zsh -i',
  fish: 'fish -i',
};

describe.each(Object.entries(SHELLS))('%s', (_, command) => {
  let session: ShellSession;

  beforeAll(async () => {
    const home = await scratch.folder('home');
    for (const [name, text] of Object.entries(STARTUP)) {
      await mkdir(join(home, name, '..'), { recursive: true });
      await writeFile(join(home, name), `${text}\n`);
    }
    const environment = {
      HOME: home,
      ZDOTDIR: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      PATH: `${join(scratch.path, 'bin')}:${process.env['PATH']}`,
      RESO_SERVER: `127.0.0.1:${server.port}`,
    };
    session = ShellSession.start(command, { cwd: folder, environment });
    await session.sees('ready> ');
  });

  afterAll(() => session?.[Symbol.asyncDispose]());

  /** What the program is called with. Each step is what is typed, and what is then on the screen. */
  async function called(...steps: readonly (readonly [typed: string, shown: string])[]): Promise<string[]> {
    for (const [typed, shown] of steps) {
      session.types(typed);
      await session.sees(shown);
    }
    session.types('\r');
    const args = await waitUntil('the command runs', () => readFile(record(), 'utf8').catch(() => undefined));
    await rm(record());
    return args.split('\n').slice(0, -1);
  }

  test('a command, even where a folder has its name', async () => {
    expect(await called(['reso ge\t', 't'], ['x', 'x'])).toEqual(['get', 'x']);
  });

  test('an option and its value', async () => {
    expect(await called(['reso ls --for\t', 'mat'], ['sha\t', '256sum'])).toEqual([
      'ls',
      '--format',
      'sha256sum',
    ]);
  });

  test.each([
    ['plain', 'my-', 'dog.jpg', 'my-dog.jpg'],
    ['with a space', 'my\\ ', 'ats.jpg', 'my cats.jpg'],
    ['in quotes', '"my ', 'ats.jpg', 'my cats.jpg'],
    ['with quotes, brackets and a dollar sign', 'it', '.jpg', "it's [1] $x.jpg"],
    ['beyond ASCII', 'zü', '.jpg', 'zürich 山.jpg'],
    ['with a colon', 'x', 'y.jpg', 'x:y.jpg'],
  ])('the name of an image: %s', async (_, typed, shown, name) => {
    expect(await called([`reso get ${typed}\t`, shown])).toEqual(['get', name]);
  });

  test('a name through its folders', async () => {
    expect(await called(['reso get fol\t', 'der/'], ['\t', 'sub/'], ['\t', 'c.jpg'])).toEqual([
      'get',
      'folder/sub/c.jpg',
    ]);
  });

  test('a folder of this machine, for an option and for an argument', async () => {
    const args = await called(['reso get -o my\t', 'photos'], [' my-\t', 'dog.jpg']);
    expect(args.map((arg) => arg.replace(/\/$/, ''))).toEqual(['get', '-o', 'my photos', 'my-dog.jpg']);
    expect((await called(['reso sync my\t', 'photos']))[1]).toMatch(/^my photos\/?$/);
  });

  test('a file of this machine', async () => {
    expect(await called(['reso get --files-from so\t', 'names.txt'])).toEqual([
      'get',
      '--files-from',
      'some names.txt',
    ]);
  });

  test('the server on the line', async () => {
    const address = `127.0.0.1:${server.port}`;
    const line = `RESO_SERVER= reso -s ${address} get my-\t`;
    expect(await called([line, 'dog.jpg'])).toEqual(['-s', address, 'get', 'my-dog.jpg']);
  });
});
