import { encode } from '../protocol';
import type { ServerContext } from './context';
import type { Outlet } from './outlet';
import type { Request } from './request';

/** Tells how far work is. Bytes. */
export type OnProgress = (done: number, total: number) => void;

/** Sends WORKING every few seconds until `work` is done, so that the client does not take it for lost. */
export async function sayWorking<T>(
  { timeouts }: ServerContext,
  outlet: Outlet,
  request: Request,
  work: (onProgress: OnProgress) => Promise<T>,
): Promise<T> {
  let done = 0;
  let total = 0;
  const say = () => {
    if (!outlet.isBackedUp) outlet.write([encode.working(request.id, { done, total })]);
  };
  const timer = setInterval(say, timeouts.working);
  try {
    return await work((nowDone, nowTotal) => {
      done = nowDone;
      total = nowTotal;
    });
  } finally {
    clearInterval(timer);
  }
}
