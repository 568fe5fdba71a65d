import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTearDown } from './process/tear-down';

const MEMORY = '/dev/shm';
/** Memory reserved for programs when the data is kept in memory. */
const SPARE = 2 ** 30;

/** A new folder for data and copies, removed at the end. */
export function makePlace(dir: string | undefined, needed: number): string {
  const parent = dir ?? (inMemory(needed) ? MEMORY : tmpdir());
  if (freeSpace(parent) < needed)
    throw new Error(
      `${parent} does not have ${Math.ceil(needed / 2 ** 20)} MiB of free space; choose another folder with --dir`,
    );
  const place = mkdtempSync(join(parent, 'reso-bench-'));
  onTearDown(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));
  return place;
}

function inMemory(needed: number): boolean {
  try {
    return Math.min(freeSpace(MEMORY), availableMemory() - SPARE) > needed;
  } catch {
    return false;
  }
}

function freeSpace(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function availableMemory(): number {
  const [, kib] = /^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
  return Number(kib ?? 0) * 1024;
}
