import type { Socket } from 'node:net';
import { encode } from '../../src/protocol';
import { always, timeAtMost, type Bar } from '../bar';
import { until } from '../process/until';
import { Crowd } from './crowd';
import { setScene } from './scene';
import { Visitor } from './visitor';

const FULL = 500;
const QUICK = 100;
/** Milliseconds between two bytes. */
const BYTE_EVERY = 200;
/** Milliseconds that a connection may last. */
const LONGEST_LIFE = 10_000;
const MOST_VISIT = 1000;
/** Longer than any of these connections lasts. */
const HELLO = encode.clientHello({ versions: [1], agent: 'x'.repeat(120) });

export const trickle: Bar = {
  name: 'trickle',
  claim: 'connections that send their HELLO byte by byte are closed, and delay nobody',
  async run(setting) {
    const { server, gallery, folder } = await setScene(setting, { 'a.jpg': 100_000 });
    const before = server.descriptors.sockets;
    const crowd = new Crowd(server.endpoint);
    const visitor = new Visitor(server.endpoint, gallery, 'a.jpg', folder);
    const lives: number[] = [];
    const count = setting.quick ? QUICK : FULL;
    await crowd.join(count, (socket) => sendSlowly(socket, (life) => void lives.push(life)));
    await until('the connections are gone', () => crowd.sockets.size === 0, 2 * LONGEST_LIFE);
    const visits = await visitor.leave();
    await until('the sockets are gone', () => server.descriptors.sockets <= before);
    await server.kill();
    return [
      always('connections closed', lives.length, count),
      timeAtMost('the longest-lived connection', Math.max(...lives), LONGEST_LIFE),
      always('downloads verified in the meantime', visits.verified, visits.count),
      timeAtMost('the slowest of these downloads', visits.slowest, MOST_VISIT),
    ];
  },
};

/** `ended` is called with the connection's lifetime in milliseconds. */
function sendSlowly(socket: Socket, ended: (life: number) => void): void {
  const begun = performance.now();
  let sent = 0;
  socket.resume();
  const sending = setInterval(() => void socket.write(HELLO.subarray(sent, ++sent)), BYTE_EVERY);
  socket.once('close', () => {
    clearInterval(sending);
    ended(performance.now() - begun);
  });
}
