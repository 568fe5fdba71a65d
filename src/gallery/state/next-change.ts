import { CallError, type Api } from '../api';

/** Seconds that the server may wait for a change; and while it is still reading dimensions of images. */
const WAIT = 25;
const WAIT_FOR_DIMENSIONS = 15;
/** Milliseconds before the next wait: somebody may be copying thousands of images. */
const REST = 1000;
/** Milliseconds between two checks if waiting does not work. */
const CHECK_EVERY = 15_000;

/** What is shown, as the server had it. */
interface Shown {
  readonly generation: string;
  readonly isComplete: boolean;
}

/**
 * Resolves when it is time to load the images again: they have changed, or their dimensions may be known by now. Asks
 * nothing while the page is hidden, since a browser has only six connections for all tabs of a server. Throws CallError, or
 * the reason of `signal`.
 */
export async function nextChange(api: Api, { generation, isComplete }: Shown, signal: AbortSignal) {
  await pause(REST, signal);
  for (;;) {
    await untilLookedAt(0, signal);
    const outcome = await waitOnce(api, generation, isComplete ? WAIT : WAIT_FOR_DIMENSIONS, signal);
    if (outcome === 'changed' || (outcome === 'unchanged' && !isComplete)) return;
    if (outcome !== 'failed') continue;
    // A proxy may cut it off, or too many pages wait. If the server is away, this throws.
    if (!(await api.isStill(generation, signal))) return;
    await untilLookedAt(CHECK_EVERY, signal);
  }
}

async function waitOnce(api: Api, generation: string, seconds: number, signal: AbortSignal) {
  const visit = new AbortController();
  const end = () => {
    if (signal.aborted || document.hidden) visit.abort();
  };
  signal.addEventListener('abort', end);
  document.addEventListener('visibilitychange', end);
  try {
    return (await api.hasChanged(generation, seconds, visit.signal)) ? 'changed' : 'unchanged';
  } catch (error) {
    signal.throwIfAborted();
    if (visit.signal.aborted) return 'hidden';
    if (error instanceof CallError && error.status !== 401) return 'failed';
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    document.removeEventListener('visibilitychange', end);
  }
}

/** A pause that ends early when somebody returns to the page, or the network does, and not while the page is hidden. */
export async function untilLookedAt(ms: number, signal: AbortSignal): Promise<void> {
  const watch = (end: () => void, over: AbortSignal) => {
    document.addEventListener('visibilitychange', end, { signal: over });
    for (const event of ['focus', 'online']) addEventListener(event, end, { signal: over });
  };
  await pause(ms, signal, watch);
  while (document.hidden) await pause(Infinity, signal, watch);
}

function pause(
  ms: number,
  signal: AbortSignal,
  watch?: (end: () => void, over: AbortSignal) => void,
): Promise<void> {
  const over = new AbortController();
  return new Promise<void>((resolve, reject) => {
    signal.throwIfAborted();
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
    over.signal.addEventListener('abort', () => clearTimeout(timer));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: over.signal });
    watch?.(resolve, over.signal);
  }).finally(() => over.abort());
}
