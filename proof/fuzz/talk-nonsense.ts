import type { Socket } from 'node:net';
import { Crowd } from '../load/crowd';
import type { Endpoint } from '../load/endpoint';
import { conversations } from './conversations';
import { mutate } from './mutate';
import { Random } from './random';

const AT_ONCE = 40;
/** Milliseconds after which a conversation that waits for more is dropped. */
const PATIENCE = 300;

/** Has `count` corrupted conversations with a server, a few dozen at once. */
export async function talkNonsense(endpoint: Endpoint, count: number, seed: number): Promise<void> {
  const random = new Random(seed);
  const valid = conversations('client', seed);
  const frames = valid.flat();
  const crowd = new Crowd(endpoint);
  let left = count;
  const next = async () => {
    while (left-- > 0) {
      const stream = Buffer.concat(mutate(random.pick(valid), frames, random));
      await say(await crowd.connect(), stream, random);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

/** Sends its bytes, then half-closes, stays silent, or resets the connection. */
function say(socket: Socket, stream: Buffer, random: Random): Promise<void> {
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const half = random.below(stream.length + 1);
  socket.resume();
  socket.write(stream.subarray(0, half));
  if (random.oneIn(10)) socket.resetAndDestroy();
  else if (random.oneIn(50)) socket.write(stream.subarray(half));
  else socket.end(stream.subarray(half));
  const timer = setTimeout(() => socket.destroy(), PATIENCE);
  return gone.finally(() => clearTimeout(timer));
}
