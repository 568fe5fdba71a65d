import { parentPort, workerData } from 'node:worker_threads';
import { unpack, type Batch } from './batch';
import type { Answer, Order } from './order';
import { placeImage } from './place-image';
import { Streams } from './streams';

const memory = workerData as SharedArrayBuffer;
const streams = new Streams(memory);

const carryOut = (order: Order) => ('stream' in order ? streams.carryOut(order) : placeImage(order, memory));

parentPort!.on('message', (batch: Batch) => {
  parentPort!.postMessage(unpack(batch).map(carryOut) satisfies Answer);
});
// What it needs is loaded.
parentPort!.postMessage([] satisfies Answer);
