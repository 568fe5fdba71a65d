import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTearDown } from './process/tear-down';

const MEMORY = '/dev/shm';
/** What the machine keeps for its programs when the data lies in its memory. */
const SPARE = 2 ** 30;

/** A folder of our own for data and copies, gone at the end. */
export function makePlace(dir: string | undefined, needed: number): string {
  const parent = dir ?? (inMemory(needed) ? MEMORY : tmpdir());
  if (freeSpace(parent) < needed)
    throw new Error(`${parent} has no room for ${Math.ceil(needed / 2 ** 20)} MiB; see --dir`);
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
