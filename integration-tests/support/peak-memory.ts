import type { StartedTestContainer } from 'testcontainers';
import { waitUntil } from './wait-until';

/** Bytes of anonymous memory that a container's process holds; undefined once it has ended. */
async function anonymousMemory(container: StartedTestContainer): Promise<number | undefined> {
  const { output } = await container
    .exec(['grep', 'RssAnon', '/proc/1/status'])
    .catch(() => ({ output: '' }));
  const [, kibibytes] = /RssAnon:\s+(\d+) kB/.exec(output) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Milliseconds that the work may take: a little less than a test may. */
const MOST = 590_000;

/** Looks at a container's memory again and again until `work` is done. */
export async function peakMemoryDuring(
  container: StartedTestContainer,
  work: Promise<unknown>,
): Promise<{ peak: number; looks: number }> {
  let isDone = false;
  const watched = { peak: 0, looks: 0 };
  const done = work.finally(() => void (isDone = true));
  const look = async () => {
    const bytes = await anonymousMemory(container);
    if (bytes !== undefined) watched.looks++;
    watched.peak = Math.max(watched.peak, bytes ?? 0);
    return isDone;
  };
  await Promise.all([done, waitUntil('the work is done', look, { atMost: MOST, every: 100 })]);
  return watched;
}
