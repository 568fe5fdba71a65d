import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Running } from './running';

const LISTEN = '0A';

/**
 * Waits until a process listens. Reads the kernel's table instead of connecting: nc exits after one connection.
 */
export async function listening(running: Running, port: number, deadlineMs = 60_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!isListening(running.pid, port)) {
    if (!running.alive) throw new Error(`exited before it listened: ${running.stderr}`);
    if (Date.now() > end) throw new Error(`not listening on port ${port} after ${deadlineMs / 1000} s`);
    await sleep(5);
  }
}

/** The table of the process's own network namespace. */
function isListening(pid: number, port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table(pid)
    .map((line) => line.trim().split(/\s+/))
    .some(([, local, , state]) => local?.endsWith(suffix) && state === LISTEN);
}

function table(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n');
  } catch {
    return [];
  }
}
