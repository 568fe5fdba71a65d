import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of this process's heap and buffers that are still in use after garbage collection. */
export async function collectedBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    // Finalizers run between turns of the event loop.
    await sleep(5);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
