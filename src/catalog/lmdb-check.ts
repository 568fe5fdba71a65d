import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** Milliseconds that the check may take; a file whose pages lead in a circle would be read for ever. */
const PATIENCE = 60_000;

/**
 * Reads all there is, and writes a little. LMDB maps its file into memory and trusts what is in it: a page that is
 * damaged can end the process, which is why this one is another.
 */
const TRY_IT = `
  const [lmdb, path, ...tables] = process.argv.slice(1);
  const root = require(lmdb).open({ path, noSubdir: true, maxDbs: 8 });
  const key = Buffer.from([0]);
  for (const name of new Set([...root.getKeys(), ...tables])) {
    const table = root.openDB({ name, keyEncoding: 'binary', encoding: 'binary' });
    for (const { value } of table.getRange()) value.length;
    if (!tables.includes(name)) continue;
    table.putSync(key, key);
    table.removeSync(key);
  }
`;

/** Beside a file that was closed in order lies the SHA-256 that it had then. */
const noteOf = (path: string) => `${path}.sha256`;

/**
 * Whether LMDB can be trusted to read the file at `path`: it is as it was when it was closed or, after a process that
 * was killed, LMDB is seen to read it, and to write into `tables`.
 */
export async function isTrustworthy(path: string, tables: readonly string[]): Promise<boolean> {
  const note = await readFile(noteOf(path), 'utf8').catch(() => undefined);
  return note === undefined ? canBeUsedElsewhere(path, tables) : note === (await digestOf(path));
}

/** Notes how the file was when it was closed. */
export async function noteClosed(path: string): Promise<void> {
  // Without the note the file is tried, and that is all.
  await digestOf(path).then(
    (digest) => writeFile(noteOf(path), digest),
    () => undefined,
  );
}

/** The file is going to change: how it was closed once says nothing any more. */
export async function noteOpened(path: string): Promise<void> {
  await rm(noteOf(path), { force: true });
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  return `${hash.digest('hex')}\n`;
}

function canBeUsedElsewhere(path: string, tables: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', TRY_IT, require.resolve('lmdb'), path, ...tables], {
      stdio: 'ignore',
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
      // What is meant for this process (a debugger, a loader) would slow that one down, or break it.
      env: {},
    });
    // Where no process can be started nothing is known, and the file is taken for good.
    child.once('error', () => resolve(true));
    child.once('exit', (code) => resolve(code === 0));
  });
}
