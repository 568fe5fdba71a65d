import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Longer than any write takes: milliseconds. */
const OLD = 600_000;

/** Removes the folders of other versions, until `signal` stops it. */
export async function removeOthers(
  root: string,
  folders: RegExp,
  kept: string,
  signal: AbortSignal,
): Promise<void> {
  for (const name of await readdir(root)) {
    if (!folders.test(name) || name === kept) continue;
    for (const shard of await readdir(join(root, name))) {
      if (signal.aborted) return;
      await rm(join(root, name, shard), { recursive: true, force: true });
    }
    await rmdir(join(root, name));
  }
}

/** Removes files and folders that a killed process left half written. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > OLD) await rm(path, { recursive: true, force: true });
  }
}
