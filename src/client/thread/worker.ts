import { parentPort, workerData } from 'node:worker_threads';
import { carryOut } from './carry-out';
import type { Answer, Order } from './order';

const memory = workerData as SharedArrayBuffer;

parentPort!.on('message', (orders: readonly Order[]) => {
  const answer: Answer = orders.map((order) => carryOut(order, memory));
  parentPort!.postMessage(answer);
});
// Only now that what it needs is loaded orders are to be given.
parentPort!.postMessage([] satisfies Answer);
