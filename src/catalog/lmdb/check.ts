import { spawn } from 'node:child_process';
import type { TransactionFlags } from 'lmdb';
import { refuseFullDisk } from './disk-space';
import { fileDigest, noteOf, readNote } from './note';

/**
 * How every process opens the file. Without `overlappingSync` nothing is written outside transactions, during which a
 * process has the file to itself.
 */
export const OPTIONS = {
  noSubdir: true,
  /** More folders than anybody serves with one state folder. */
  maxDbs: 64,
  overlappingSync: false,
} as const;

/** Flag of lmdb-js: the transaction is on the disk before the call returns. */
export const COMMIT_NOW = 2 as TransactionFlags;

/** Time limit of the check in milliseconds: a file whose pages form a cycle would be read forever. */
const PATIENCE = 60_000;

/**
 * Reads everything and writes a little. LMDB maps its file into memory and trusts it, so a damaged page can crash the
 * process. Therefore this runs in another one.
 */
const TRY_IT = `
  const [lmdb, path, note, options, ...tables] = process.argv.slice(1);
  const root = require(lmdb).open({ path, ...JSON.parse(options) });
  const key = Buffer.from([0]);
  const open = (name) => root.openDB({ name, keyEncoding: 'binary', encoding: 'binary' });
  for (const name of root.getKeys()) for (const { value } of open(name).getRange()) value.length;
  root.transactionSync(() => {
    require('node:fs').writeFileSync(note, '');
    for (const table of tables.map(open)) {
      table.putSync(key, key);
      table.removeSync(key);
    }
  }, ${COMMIT_NOW});
`;

/**
 * Whether LMDB can be trusted with the file at `path`. It can if the file has not changed since it was closed cleanly.
 * After a crash another process tries to read it and to write into `tables`. Throws if the disk has no room for that.
 */
export async function isTrustworthy(path: string, tables: readonly string[]): Promise<boolean> {
  for (;;) {
    const note = await readNote(path);
    if (note === undefined) {
      // The check could not write to it, which would look like damage.
      refuseFullDisk(path);
      return canBeUsedElsewhere(path, tables);
    }
    if (note === (await fileDigest(path))) return true;
    // Another process may have written to it in the meantime. That process emptied the note first.
    if (note === (await readNote(path))) return false;
  }
}

function canBeUsedElsewhere(path: string, tables: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const given = [require.resolve('lmdb'), path, noteOf(path), JSON.stringify(OPTIONS), ...tables];
    const child = spawn(process.execPath, ['-e', TRY_IT, ...given], {
      stdio: 'ignore',
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
      // Node options of this process (a debugger, a loader) would slow the other one down or break it.
      env: {},
    });
    // If no process can be started, nothing is known, and the file counts as intact.
    child.once('error', () => resolve(true));
    child.once('exit', (code) => resolve(code === 0));
  });
}
