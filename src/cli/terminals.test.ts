import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type ServeHandle } from '../index';
import { buildClient } from './fixtures/built-client';
import { hasPty, Pty } from './fixtures/pty';

const IMAGES = 211;
const SIZE = 4096;
/** Bytes per second at which all of them take a good second. */
const RATE = '600K';

let base: string;
let program: string;
let server: ServeHandle;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  await mkdir(join(base, 'images/画像 folder'), { recursive: true });
  for (let i = 0; i < IMAGES; i++) {
    const name = i % 2 === 0 ? `image ${i}.jpg` : `画像 folder/${i}.jpg`;
    await writeFile(join(base, 'images', name), Buffer.alloc(SIZE, i));
  }
  program = buildClient(base);
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server?.close({ grace: 0 });
  await rm(base, { recursive: true });
});

const atTerminal = hasPty ? describe : describe.skip;

/** Downloads everything at a terminal; `shown` is for which part of the time there was progress, once there was some. */
async function getAll(columns: number, env: Readonly<Record<string, string>> = {}) {
  const output = join(base, `${columns} ${JSON.stringify(env)}`);
  let [shown, hidden] = [0, 0];
  const seen = new Set<string>();
  const args = [program, 'get', '--all', '-s', `127.0.0.1:${server.port}`, '-o', output, '--bwlimit', RATE];
  const onScreen = ({ line }: { line: string }, milliseconds: number) => {
    if (/^ *\d+% |Listing/.test(line)) {
      shown += milliseconds;
      seen.add(line);
    } else if (shown > 0) hidden += milliseconds;
  };
  const pty = new Pty(args, { columns, env, onScreen });
  expect(await pty.ended).toBe(0);
  return { lines: pty.screen.lines, output: pty.output, seen: [...seen], share: shown / (shown + hidden) };
}

atTerminal('progress on a terminal', () => {
  test.each([80, 40])('of %d columns is there all the time, and never torn', async (columns) => {
    const { lines, seen, share } = await getAll(columns);
    expect(share).toBeGreaterThan(0.95);
    expect(seen.length).toBeGreaterThan(5);
    for (const line of seen)
      expect(line).toMatch(
        /^[|/\\-] Listing images…( \d+)?$|^ *\d+% {2}[\d.]+ (KiB|B)\/844\.0 KiB( {2}\d+\/211 images)?( {2}[\d.]+ (KiB|B)\/s)?( {2}0:0\d left)?( {2}\S.* \d+%)?$/,
      );
    expect(seen.some((line) => line.includes('/211 images'))).toBe(true);
    const results = lines.join('').match(/successfully downloaded\./g);
    expect(results).toHaveLength(IMAGES);
    expect(lines.join('')).toMatch(
      /211 downloaded, 0 identical, 0 failed: 844\.0 KiB received in \d+\.\d s, /,
    );
  });

  test('that can do nothing but print lines gets nothing else', async () => {
    const { output, lines } = await getAll(80, { TERM: 'dumb' });
    // eslint-disable-next-line no-control-regex -- it is about these
    expect(output).not.toMatch(/\x1b|\r[^\n]/);
    expect(lines).toHaveLength(IMAGES + 2);
  });
});

atTerminal('a session at a terminal', () => {
  const NAME = 'Enter file name on server --> ';

  let pty: Pty;

  function session(): Pty {
    const output = join(base, 'session');
    const args = [program, 'get', '-i', '-s', `127.0.0.1:${server.port}`, '-o', output];
    return (pty = new Pty(args, { columns: 80 }));
  }

  afterEach(() => pty.kill());

  test('completes, lists, remembers, and ends with Ctrl-D', async () => {
    session();
    await pty.shows(NAME);
    pty.types('image 21');
    await pty.shows(`${NAME}image 21`);
    pty.types('\t');
    await pty.shows(`${NAME}image 210.jpg`);
    pty.types('\r');
    await pty.reads('image 210.jpg successfully downloaded.');
    await pty.shows(NAME);
    expect(await readdir(join(base, 'session'))).toEqual(['image 210.jpg']);
    pty.types(' ls \r');
    await pty.reads("… and 161 more: 'reso ls' lists them all.");
    await pty.shows(NAME);
    for (const key of ['\x1b[A', '\x1b[A']) pty.types(key);
    await pty.shows(`${NAME}image 210.jpg`);
    pty.types('\x7f');
    await pty.shows(`${NAME}image 210.jp`);
    pty.types('e\r');
    await pty.reads("File doesn't exist on server.");
    await pty.shows(NAME);
    pty.types('\x04');
    expect(await pty.ended).toBe(0);
    const { lines } = pty.screen;
    expect(lines[lines.indexOf(`${NAME}image 210.jpe`) + 1]).toBe("File doesn't exist on server.");
  });

  test('ends with 130 at Ctrl-C', async () => {
    session();
    await pty.shows(NAME);
    pty.types('abc\x03');
    expect(await pty.ended).toBe(130);
  });
});
