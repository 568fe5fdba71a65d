import { parentPort, workerData } from 'node:worker_threads';
import { Pool } from '../../net/pool';
import type { Settings } from '../../net/settings';
import { Lane } from './lane';
import { type LaneOptions, packNews, type Order, type PackedNews } from './order';

/** The thread's workerData. */
export interface ThreadData {
  readonly settings: Omit<Settings, 'onRetry' | 'signal'>;
  readonly options: LaneOptions;
}

/** A message from a thread: `undefined` once it is ready. */
export type ThreadMessage = PackedNews | undefined;

const { settings, options } = workerData as ThreadData;
const pool = new Pool({ ...settings, signal: undefined, onRetry: () => undefined });
const say = (message: ThreadMessage) => parentPort!.postMessage(message);
const lane = new Lane(pool, options, (news) => say(packNews(news)));

// No order means that there are no more.
parentPort!.on('message', (order: Order | undefined) => {
  if (order) return lane.give(order);
  pool.close();
  parentPort!.close();
});
say(undefined);
