import { takeTurn } from '../../catalog';
import { encode } from '../../protocol';
import type { Exchange, ServerContext } from './exchange';
import type { Outlet } from './outlet';
import type { Request } from './request';

/** Reports progress in bytes. */
export type OnProgress = (done: number, total: number) => void;

/**
 * Does `work` when its turn has come, and sends WORKING every few seconds until it is done, so that the client does not
 * give up on it. Throws CANCELLED.
 */
export async function sayWorking<T>(
  { timeouts }: ServerContext,
  outlet: Outlet,
  request: Request,
  work: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  let done = 0;
  let total = 0;
  // Whoever still has something to read needs no sign of life, and must not pass for one that reads: see `watchSilence`.
  const say = () => {
    if (outlet.isEmpty) outlet.write([encode.working(request.id, { done, total })]);
  };
  const timer = setInterval(say, timeouts.working);
  try {
    const turn = takeTurn();
    if (turn) await turn;
    request.throwIfCancelled();
    return await work((nowDone, nowTotal) => {
      done = nowDone;
      total = nowTotal;
    });
  } finally {
    clearInterval(timer);
  }
}

/** The same for deliveries from a distant store, which may be away, or busy with others. A disk answers at once. */
export function sayWorkingIfSlow<T>(
  { context, outlet, request }: Exchange,
  deliver: () => Promise<T>,
): Promise<T> {
  return context.catalog.readsAtOnce ? deliver() : sayWorking(context, outlet, request, deliver);
}
