import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The kernel reports hundredths of a second, whatever it counts internally. */
const TICKS_PER_SECOND = 100;
const LOOK_EVERY_MS = 40;
const REST_WITHIN_MS = 2000;

/** Processor time from /proc/PID/stat: seconds, user and system together. */
export interface ProcessorTimes {
  /** The process group: for processes started by `Running`, the pid of the first. */
  readonly group: number;
  /** All threads of the process, including those that have ended. */
  readonly own: number;
  /** Children that ended and were waited for, and their children. */
  readonly waitedFor: number;
}

export function parseStat(text: string): ProcessorTimes {
  // The preceding name may contain spaces and parentheses.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (at: number) => (fields[at]! + fields[at + 1]!) / TICKS_PER_SECOND;
  return { group: fields[2]!, own: seconds(11), waitedFor: seconds(13) };
}

/** Processor time of all clients that have ended so far: only they are waited for during a trial. */
export function timeOfEnded(): number {
  return parseStat(readFileSync('/proc/self/stat', 'utf8')).waitedFor;
}

/** Processor time of a server so far: its process, its workers, and those that served a connection and ended. */
export function timeOfGroup(group: number): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(lookAt)
    .filter((times) => times?.group === group)
    .reduce((sum, times) => sum + times!.own + times!.waitedFor, 0);
}

/** The same, once it no longer changes: a server may still be working when its client has ended. */
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
