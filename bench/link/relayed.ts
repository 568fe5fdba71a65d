import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { onTearDown } from '../process/tear-down';
import type { Answer, Question } from '../relay/messages';
import type { RelayOptions } from '../relay/relay';
import type { Link } from './link';
import type { LinkShape } from './shape';

const WINDOW = 4 * 2 ** 20;
/** The share of an IP packet that is payload of TCP with timestamps. */
const PAYLOAD_SHARE = 1448 / 1500;

/** A relay in its own process that delays and limits every tool alike. */
export async function openRelay({ rateBits, delayMs }: LinkShape): Promise<Link> {
  const bytesPerSecond = (rateBits / 8) * PAYLOAD_SHARE;
  const ask = startRelay({ bytesPerSecond, delayMs, queueMs: 100, window: WINDOW });
  return {
    kind: 'relay',
    description:
      `a relay on loopback: ${rateBits / 1e9} Gbit/s, ${2 * delayMs} ms round trip, ` +
      `at most ${WINDOW / 2 ** 20} MiB in flight per connection, slow start, no loss`,
    payloadBytesPerSecond: bytesPerSecond,
    bind: '127.0.0.1',
    onServer: (command) => command,
    onClient: (command) => command,
    reach: async (port) => ({
      host: '127.0.0.1',
      port: ((await ask({ open: port })) as { port: number }).port,
    }),
    meter: () => {
      const reset = ask({ samples: true });
      return {
        stop: async () => {
          await reset;
          const answer = await ask({ samples: true });
          return 'samples' in answer ? answer.samples : [];
        },
      };
    },
    close: ask.end,
  };
}

interface Ask {
  (question: Question): Promise<Answer>;
  end(): Promise<void>;
}

function startRelay(options: RelayOptions): Ask {
  const child = fork(join(__dirname, '..', 'relay', 'main.ts'), [JSON.stringify(options)], {
    execArgv: ['--require', 'ts-node/register/transpile-only'],
    detached: true,
  });
  onTearDown(() => child.kill('SIGKILL'));
  const ask = async (question: Question): Promise<Answer> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(30_000) });
    child.send(question);
    return ((await answer) as [Answer])[0];
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (question: Question) => {
    const answer = last.then(() => ask(question));
    last = answer.catch(() => {});
    return answer;
  };
  return Object.assign(inTurn, {
    end: async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  });
}
