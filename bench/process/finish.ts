import { setTimeout as sleep } from 'node:timers/promises';

import type { Command } from './command';
import { Running } from './running';

/** Runs a command, with a time limit, and returns how long it took. Throws if it fails. */
export async function finish(
  command: Command,
  deadlineMs: number,
  onStart: (running: Running) => void = () => {},
): Promise<number> {
  const start = performance.now();
  const running = new Running(command);
  onStart(running);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    void running.stop(0);
  }, deadlineMs);
  const code = await running.ended.finally(() => clearTimeout(deadline));
  const seconds = (performance.now() - start) / 1000;
  if (late) throw new Error(`timed out after ${deadlineMs / 1000} s`);
  if (code !== 0) throw new Error(`exit code ${code}: ${await lastWords(running)}`);
  return seconds;
}

/** Its last output may arrive after the exit event. */
async function lastWords(running: Running): Promise<string> {
  await sleep(50);
  return running.stderr.split('\n').slice(-3).join(' / ');
}
