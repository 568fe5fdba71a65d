import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { always, bytesAtMost, countAtMost, timeAtMost, type Bar } from '../bar';
import { Crowd } from '../load/crowd';
import { Pinger } from '../load/pinger';
import { setScene } from '../load/scene';
import { Visitor } from '../load/visitor';
import { until } from '../process/until';

const FULL = { connections: 10_000, watch: 30_000, memory: 160e6 };
const QUICK = { connections: 1000, watch: 4000, memory: 64e6 };
/** Milliseconds. */
const SLOWEST_PING = 100;
const BYTE_EVERY = 500;
/** Before one that the server has closed comes again. */
const COME_AGAIN = 5000;
const STALL_S = 10;
/** After which no connection of them may be left, whatever it did. */
const ALL_GONE = 30_000;
const LARGE = 20 * 2 ** 20;

const REQUEST = Buffer.from(`GET /images/large.tif HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(200)}\r\n\r\n`);

/** What a client does that means no good. */
const KINDS: readonly ((socket: Socket) => void)[] = [
  // It says nothing.
  () => undefined,
  // It stops in the middle of its headers.
  (socket) => void socket.write(REQUEST.subarray(0, 60)),
  sendSlowly,
  // It asks, and never reads.
  (socket) => void socket.pause().write(REQUEST),
  // It asks for as many at once as it may, and never reads.
  (socket) => void socket.pause().write(Buffer.concat(Array<Buffer>(9).fill(REQUEST))),
];

export const httpCrowd: Bar = {
  name: 'http-crowd',
  claim:
    'HTTP clients that are slow, silent or never read keep nobody from the protocol, and are gone after a while',
  async run(setting) {
    const { connections, watch, memory } = setting.quick ? QUICK : FULL;
    const sizes = { 'a.jpg': 100_000, 'large.tif': LARGE };
    const args = ['--stall-timeout', String(STALL_S), '--log-level', 'error'];
    const { server, gallery, folder } = await setScene(setting, sizes, args);
    await server.collect();
    const before = { memory: server.memory, sockets: server.descriptors.sockets };
    let peak = 0;
    const watching = setInterval(() => (peak = Math.max(peak, server.memory - before.memory)), 100);
    const crowd = new Crowd(server.web);
    const tide = new Tide(crowd);
    await crowd.join(connections, (socket) => tide.add(socket));
    const visitor = new Visitor(server.endpoint, gallery, 'a.jpg', folder);
    const pinger = new Pinger(server.endpoint);
    await sleep(watch);
    const { p99 } = await pinger.leave();
    const visits = await visitor.leave();
    clearInterval(watching);
    tide.turn();
    const begun = performance.now();
    await until('all have gone', () => server.descriptors.sockets <= before.sockets, 2 * ALL_GONE);
    const lasted = performance.now() - begun;
    crowd.disperse();
    const left = server.descriptors.sockets - before.sockets;
    const { faults } = server;
    await server.kill();
    return [
      always('downloads by the protocol verified in the meantime', visits.verified, visits.count),
      timeAtMost('ping of the protocol, 99 of 100', p99, SLOWEST_PING),
      bytesAtMost('additional memory of the server', peak, memory),
      timeAtMost('time until the server has closed all of them', lasted, ALL_GONE),
      countAtMost('sockets left behind', left, 0),
      countAtMost('internal errors', faults.length, 0),
    ];
  },
};

/** Clients that come again when the server has closed their connection, until the tide turns. */
class Tide {
  readonly #crowd: Crowd;
  #hasTurned = false;
  #next = 0;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
  }

  add(socket: Socket): void {
    socket.once('close', () => void setTimeout(() => void this.#comeAgain(), COME_AGAIN).unref());
    socket.resume();
    KINDS[this.#next++ % KINDS.length]!(socket);
  }

  turn(): void {
    this.#hasTurned = true;
  }

  async #comeAgain(): Promise<void> {
    if (this.#hasTurned) return;
    const socket = await this.#crowd.connect().catch(() => undefined);
    if (socket) this.add(socket);
  }
}

function sendSlowly(socket: Socket): void {
  let sent = 0;
  const sending = setInterval(() => void socket.write(REQUEST.subarray(sent, ++sent)), BYTE_EVERY);
  socket.once('close', () => clearInterval(sending));
}
