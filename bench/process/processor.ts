import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The kernel tells programs of hundredths of a second, whatever it counts in itself. */
const TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 40;
const REST_WITHIN_MS = 2000;

/** What /proc/PID/stat says about the processor: seconds, user and system together. */
export interface ProcessorTimes {
  /** The process group: for what `Running` starts, the pid of the first. */
  readonly group: number;
  /** All threads of the process, those that have ended too. */
  readonly own: number;
  /** The children that ended and were waited for, and theirs. */
  readonly waitedFor: number;
}

export function parseStat(text: string): ProcessorTimes {
  // The name before may hold spaces and parentheses.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (at: number) => (fields[at]! + fields[at + 1]!) / TICKS_PER_SECOND;
  return { group: fields[2]!, own: seconds(11), waitedFor: seconds(13) };
}

/** What all clients took that have ended so far: they, and only they, are waited for while a trial runs. */
export function timeOfEnded(): number {
  return parseStat(readFileSync('/proc/self/stat', 'utf8')).waitedFor;
}

/** What a server took so far: its process, its workers, and those that served a connection and ended. */
export function timeOfGroup(group: number): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(lookAt)
    .filter((times) => times?.group === group)
    .reduce((sum, times) => sum + times!.own + times!.waitedFor, 0);
}

/** The same, as soon as it stays as it is: a server may have something left to do when its client has ended. */
export async function timeOfGroupAtRest(group: number): Promise<number> {
  const end = performance.now() + REST_WITHIN_MS;
  let last = timeOfGroup(group);
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const now = timeOfGroup(group);
    if (now === last || performance.now() > end) return now;
    last = now;
  }
}

function lookAt(pid: string): ProcessorTimes | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // It has ended since its name was read.
    return undefined;
  }
}
