import { encode } from '../../src/protocol';
import { Crowd } from './crowd';
import type { Endpoint } from './endpoint';
import type { SessionKind } from './session-kinds';

const AT_ONCE = 50;

/** Runs `count` sessions of a kind, a few dozen at once; resolves when the last has ended on this side. */
export async function holdSessions(endpoint: Endpoint, session: SessionKind, count: number): Promise<void> {
  const crowd = new Crowd(endpoint);
  let left = count;
  const next = async () => {
    while (left-- > 0) {
      const socket = await crowd.connect();
      const gone = new Promise((resolve) => socket.once('close', resolve));
      socket.write(encode.clientHello({ versions: [1] }));
      await session(socket);
      await gone;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}
