import type { Socket } from 'node:net';
import { always, bytesAtMost, countAtMost, type Bar } from '../bar';
import { Crowd } from '../load/crowd';
import type { Endpoint } from '../load/endpoint';
import { setScene } from '../load/scene';
import { Visitor } from '../load/visitor';
import { until } from '../process/until';
import { conversations } from './conversations';
import { mutate } from './mutate';
import { Random } from './random';

const FULL = 100_000;
const QUICK = 2000;
const AT_ONCE = 40;
/** Milliseconds after which a conversation that waits for more is dropped. */
const PATIENCE = 300;
const MOST_GROWTH = 4e6;

export const live: Bar = {
  name: 'live',
  claim: 'a server that is sent spoilt conversations stays up, serves others, and keeps nothing of them',
  async run(setting) {
    const count = setting.quick ? QUICK : FULL;
    const sizes = { 'a.jpg': 100_000, 'img.jpg': 5000, 'big.tif': 3_000_000 };
    const { server, gallery, folder } = await setScene(setting, sizes);
    await talk(server.endpoint, Math.min(QUICK, count), setting.seed + 1);
    const before = { heap: await server.collect(), sockets: server.descriptors.sockets };
    const visitor = new Visitor(server.endpoint, gallery, 'big.tif', folder);
    await talk(server.endpoint, count, setting.seed);
    const visits = await visitor.leave();
    await until('the sockets are gone', () => server.descriptors.sockets <= before.sockets);
    const isUp = server.isAlive;
    const growth = (await server.collect()) - before.heap;
    if (server.faults !== '') console.error(server.faults);
    const faults = server.faults.split('\n').length - 1;
    await server.kill();
    return [
      always('server up', Number(isUp), 1),
      countAtMost(`faults of its own in ${count} conversations`, faults, 0),
      bytesAtMost('growth of its heap', growth, MOST_GROWTH),
      always('downloads verified meanwhile', visits.verified, visits.count),
    ];
  },
};

async function talk(endpoint: Endpoint, count: number, seed: number): Promise<void> {
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

/** Says its piece, then ends its side, or is silent, or breaks off. */
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
