/**
 * Draws docs/terminal.svg: a recording of the built program at a terminal, which serves the sample images and downloads
 * them. usage: npm run build && npm run picture
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pty } from '../src/cli/fixtures/pty';
import { drawTerminals, type Frame } from './lib/terminal-svg';

const ROOT = join(__dirname, '..');
const PROGRAM = join(ROOT, 'dist/cli/main.js');
const COLUMNS = 80;
const SERVE = ['serve', 'images', '--log-level', 'warn'];
/** Slow enough to be watched. */
const GET = ['get', '--all', '-o', 'photos', '--bwlimit', '500K'];

/** Seconds before the client's command, before its output, and at the end of the recording. */
const BEFORE_COMMAND = 0.8;
const BEFORE_OUTPUT = 0.6;
const AT_THE_END = 5;

/** Serves the images; resolves to what the server says, and how to stop it. */
async function startServer(state: string): Promise<{ lines: string[]; stop: () => Promise<unknown> }> {
  const args = [PROGRAM, ...SERVE, '--host', '127.0.0.1', '--state', state];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let said = '';
  for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
    said += bytes.toString();
    if (/^Running on port: \d+$/m.test(said)) break;
  }
  if (!said.includes('Running on port')) throw new Error('The server did not start.');
  const stop = () => child.kill() && exit;
  return { lines: said.trimEnd().split('\n'), stop: async () => stop() };
}

/** What the client's screen is like at which second of the recording. */
async function recordClient(folder: string): Promise<Frame[]> {
  const command = `$ reso ${GET.join(' ')}`;
  const frames: Frame[] = [
    { at: 0, lines: ['$'] },
    { at: BEFORE_COMMAND, lines: [command] },
  ];
  let at = BEFORE_COMMAND + BEFORE_OUTPUT;
  const onScreen = ({ lines }: { lines: string[] }, milliseconds: number) => {
    frames.push({ at, lines: [command, ...lines] });
    at += milliseconds / 1000;
  };
  const pty = new Pty([PROGRAM, ...GET], { columns: COLUMNS, cwd: folder, onScreen });
  if ((await pty.ended) !== 0) throw new Error(`The download failed:\n${pty.screen.lines.join('\n')}`);
  frames.push({ at, lines: [command, ...pty.screen.lines.filter((line) => line !== ''), '$'] });
  return frames;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reso-'));
  try {
    const server = await startServer(join(folder, 'state'));
    const frames = await recordClient(folder).finally(server.stop);
    const panes = [
      { label: 'server', frames: [{ at: 0, lines: [`$ reso ${SERVE.join(' ')}`, ...server.lines] }] },
      { label: 'client', frames },
    ];
    const svg = drawTerminals(panes, { columns: COLUMNS, seconds: frames.at(-1)!.at + AT_THE_END });
    writeFileSync(join(ROOT, 'docs/terminal.svg'), svg);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
