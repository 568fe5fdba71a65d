import { realpath, readlinkSync, type BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { systemCode } from '../errors';
import { statPath } from '../files';

/**
 * Where an open file is: `here` means exactly at its path, without a symlink on the way; `gone` means it was there when it
 * was opened and has been replaced or deleted since; `elsewhere` is anything else.
 */
export type Place = 'here' | 'gone' | 'elsewhere';

/** Finds out whether the file behind `fd`, opened at `path`, really is at that path. */
export type ProofOfPlace = (fd: number, path: string, stats: BigIntStats) => Place | Promise<Place>;

/**
 * The kernel knows where an open file is. If that is exactly the requested path, no symlink was followed anywhere on the
 * way, even if folders and links were swapped in the meantime; checking the path before or after opening could not prove
 * that. The call does not access the disk, so it needs no thread.
 */
export const proveByKernel: ProofOfPlace = (fd, path) => {
  const place = readlinkSync(`/proc/self/fd/${fd}`);
  if (place === path) return 'here';
  return place === `${path} (deleted)` ? 'gone' : 'elsewhere';
};

const resolveLinks = promisify(realpath.native);

/** Without /proc (macOS): the path must be free of links and lead to the same file. */
export const proveByPath: ProofOfPlace = async (_fd, path, stats) => {
  try {
    if ((await resolveLinks(path)) !== path) return 'elsewhere';
    const found = await statPath(path);
    return found.ino === stats.ino && found.dev === stats.dev ? 'here' : 'gone';
  } catch {
    return 'gone';
  }
};

/**
 * Whether the way from `root` to `path` is free of symlinks, as far as can be seen. For when opening was not permitted:
 * what is behind a symlink is not served, and clients must not learn whether it exists.
 */
export async function isFreeOfLinks(root: string, path: string): Promise<boolean> {
  try {
    for (const step of stepsBetween(root, path)) {
      if ((await statPath(step)).isSymbolicLink()) return false;
    }
    return true;
  } catch (error) {
    return systemCode(error) === 'EACCES';
  }
}

function stepsBetween(root: string, path: string): string[] {
  const steps: string[] = [];
  for (let step = path; step.length > root.length; step = dirname(step)) steps.unshift(step);
  return steps;
}
