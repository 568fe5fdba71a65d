// Runs a small download with the program that was just built, and keeps the code that V8 compiled for it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const filename = join(dist, 'cli', 'program.js');
const require = createRequire(filename);

const scratch = mkdtempSync(join(tmpdir(), 'reso-build-'));
mkdirSync(join(scratch, 'images'));
writeFileSync(join(scratch, 'images', 'img.jpg'), 'an image');
const server = await require('../index.js').serve({
  folder: join(scratch, 'images'),
  host: '127.0.0.1',
  port: 0,
});

const program = new Script(readFileSync(filename, 'latin1'), { filename });
process.on('exit', () => {
  writeFileSync(join(dist, 'cli', 'program.cache'), program.createCachedData());
  rmSync(scratch, { recursive: true });
});
const address = `127.0.0.1:${server.port}`;
process.argv = [
  process.execPath,
  filename,
  'get',
  '-q',
  '-s',
  address,
  '-o',
  join(scratch, 'out'),
  'img.jpg',
];
program.runInThisContext()({}, require, { exports: {} }, filename, join(dist, 'cli'));
