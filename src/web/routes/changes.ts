import { ResoError } from '../../errors';
import { badRequest } from '../refusals';
import { sendJson } from '../reply';
import type { AdmittedVisit } from '../visit';

/** Seconds after which there is an answer in any case. Proxies cut off a response that has not begun after 30 to 60. */
const MOST_WAIT = 25;
/** Milliseconds between two checks of the visitor's access. */
const RECHECK = 1000;

/**
 * `/api/changes?unless=GENERATION&wait=SECONDS`: what `generation` is, as soon as it is another one, or else after `wait`
 * seconds. A long poll and not a stream of events: proxies that buffer do not delay it, and a client that vanished without
 * a word is forgotten after one wait.
 */
export async function sendChange(visit: AdmittedVisit): Promise<void> {
  const { context, grant, target, visitor } = visit;
  const { signal: gone } = visit.departure;
  const unless = target.query.get('unless');
  if (unless === null) {
    const { generation } = await context.catalog.list({ ...grant, limit: 1, signal: gone });
    return sendJson(visit, { generation });
  }
  const until = performance.now() + 1000 * waitIn(target.query);
  const generation = await context.watches.run(visitor.address, gone, async (signal) => {
    for (;;) {
      // The token may be removed, or may come to read other images, while nothing else changes.
      const admitted = visit.admit();
      const patience = Math.min(RECHECK, until - performance.now());
      const now: string = await context.catalog
        .nextGeneration({ ...admitted, unless, signal, patience })
        .catch((error: unknown) => orAtShutdown(error, unless, gone));
      visit.admit();
      if (now !== unless || signal.aborted || performance.now() >= until) return now;
    }
  });
  sendJson(visit, { generation });
}

/** A server that shuts down has nothing new to tell, which is no error. */
function orAtShutdown(error: unknown, unless: string, gone: AbortSignal): string {
  if (error instanceof ResoError && error.code === 'CANCELLED' && !gone.aborted) return unless;
  throw error;
}

function waitIn(query: URLSearchParams): number {
  const text = query.get('wait') ?? String(MOST_WAIT);
  if (!/^[1-9][0-9]{0,5}$/.test(text))
    throw badRequest('wait must be a whole number of seconds, at least 1.');
  return Math.min(MOST_WAIT, Number(text));
}
