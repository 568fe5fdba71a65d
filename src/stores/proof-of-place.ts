import { realpath, readlinkSync, type BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { systemCode } from '../errors';
import { statPath } from '../files';

/**
 * What is known of an open file's place: `here` is exactly its path, with no symlink on the way; `gone` lay there when
 * it was opened and was replaced or deleted since; `elsewhere` is anything else.
 */
export type Place = 'here' | 'gone' | 'elsewhere';

/** Tells whether the file behind `fd`, opened at `path`, really is the one of that path. */
export type ProofOfPlace = (fd: number, path: string, stats: BigIntStats) => Place | Promise<Place>;

/**
 * The kernel itself says where an open file lies. If that is the path that was asked for, to the byte, no symlink was
 * followed anywhere on the way, however folders and links were swapped meanwhile: a check of the path before or after
 * opening could not prove that. The call reads no disk, so that it may be made without a thread.
 */
export const proveByKernel: ProofOfPlace = (fd, path) => {
  const place = readlinkSync(`/proc/self/fd/${fd}`);
  if (place === path) return 'here';
  return place === `${path} (deleted)` ? 'gone' : 'elsewhere';
};

const resolveLinks = promisify(realpath.native);

/** Where there is no /proc (macOS): the path must be free of links and lead to the same file. */
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
 * Whether the way from `root` to `path` is free of symlinks as far as it can be seen. For the case that opening was
 * forbidden: what lies behind a symlink is not served, and whether it exists is nobody's business.
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
