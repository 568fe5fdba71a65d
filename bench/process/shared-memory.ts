import { readdirSync, readFileSync } from 'node:fs';
import { MemoryWatch } from './memory';
import { parseStat } from './processor';

/** Watches the memory of a process group and keeps the peak. What processes share is counted once (Pss). */
export class GroupMemoryWatch extends MemoryWatch {
  /**
   * `group`: for processes started by `Running`, the pid of the first. `every`: milliseconds between two looks, each of
   * which takes several milliseconds of a processor for each process.
   */
  constructor(group: number, every: number) {
    super(group, groupMemory, every);
  }
}

function groupMemory(group: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.filter((pid) => groupOf(pid) === group).map(memoryOf);
  return all.reduce((sum, bytes) => sum + bytes, 0);
}

function groupOf(pid: string): number | undefined {
  return read(`/proc/${pid}/stat`, (text) => parseStat(text).group);
}

function memoryOf(pid: string): number {
  const kib = read(`/proc/${pid}/smaps_rollup`, (text) => Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0));
  return (kib ?? 0) * 1024;
}

/** Undefined if the process has ended since its name was read. */
function read<T>(path: string, parse: (text: string) => T): T | undefined {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
