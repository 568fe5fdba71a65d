import { setTimeout as sleep } from 'node:timers/promises';

/** Polls every few milliseconds until `condition` holds; throws if that takes longer than `atMost` milliseconds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  atMost = 30_000,
): Promise<void> {
  const deadline = performance.now() + atMost;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${atMost / 1000} s`);
    await sleep(10);
  }
}
