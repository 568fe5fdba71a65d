import { setTimeout as sleep } from 'node:timers/promises';
import { ResoError } from '../../errors';
import type { ImageEntry } from '../../protocol';
import { askState } from '../net/ask';
import type { DownloadContext } from './context';

/** Milliseconds between checks: an image settles within a second of its last change. */
export const SETTLING_PAUSE = 600;
/** Checks before the first retry: enough for an image that no longer changes. */
export const FREE_LOOKS = 2;

/** The state of an image once nobody seems to be writing it. Throws CHANGED if it keeps changing. */
export async function whenSettled(
  { pool, retries, signal }: Pick<DownloadContext, 'pool' | 'retries' | 'signal'>,
  entry: ImageEntry,
): Promise<ImageEntry> {
  let now = entry;
  for (let looks = 0; now.unsettled; looks++) {
    if (looks === FREE_LOOKS + retries) throw stillChanging(entry.name);
    // Aborting also closes the pool: the next request then fails.
    await sleep(SETTLING_PAUSE, undefined, { signal }).catch(() => undefined);
    now = await askState(pool, entry.name);
  }
  return now;
}

function stillChanging(name: string): ResoError {
  return new ResoError('CHANGED', 'The image keeps changing: somebody is still writing it.', { image: name });
}
