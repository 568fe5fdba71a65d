import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { settingsOf } from './settings';

test('a timeout to which only the client refers is not collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { signal } = settingsOf({ port: 5005, signal: AbortSignal.timeout(500) });
  // References in the current turn of the event loop count, too.
  await sleep(10);
  collect();
  await once(signal!, 'abort');
  expect(signal!.aborted).toBe(true);
}, 5000);
