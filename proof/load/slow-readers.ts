import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '../../src/protocol';
import { always, bytesAtMost, type Bar, type Reading, type Setting } from '../bar';
import { kernelBuffers } from '../process/kernel-buffers';
import { Crowd } from './crowd';
import { setScene } from './scene';
import { Visitor } from './visitor';

const IMAGE = 20 * 2 ** 20;
const FULL = { readers: 1000, watch: 20_000, kernel: 300e6 };
const QUICK = { readers: 200, watch: 4000, kernel: 60e6 };
/** Bytes. */
const MOST_MEMORY = 128e6;
/** Milliseconds between two checks, and between two pieces that a reader takes. */
const LOOK_EVERY = 100;
const READ_EVERY = 2000;
const HELLO = encode.clientHello({ versions: [1] });
const SMALL = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`small/${i}.jpg`, 200_000]));
const ASKS = {
  'large image': encode.get(1, { name: 'large.tif' }),
  packs: encode.fetch(1, { images: Object.keys(SMALL).map((name) => ({ name })) }),
};

export const slowReaders: Bar = {
  name: 'slow-readers',
  claim:
    'clients that request a large image, or many small ones, and hardly read cost little, in the process and in the kernel',
  ownNetwork: true,
  async run(setting) {
    const readings: Reading[] = [];
    for (const [what, ask] of Object.entries(ASKS)) {
      for (const reading of await suffer(setting, Buffer.concat([HELLO, ask])))
        readings.push({ ...reading, what: `${what}: ${reading.what}` });
    }
    return readings;
  },
};

async function suffer(setting: Setting, ask: Buffer): Promise<Reading[]> {
  const { readers, watch, kernel } = setting.quick ? QUICK : FULL;
  const { server, gallery, folder } = await setScene(setting, { 'large.tif': IMAGE, ...SMALL });
  await server.collect();
  const before = { memory: server.memory, kernel: kernelBuffers() };
  const crowd = new Crowd(server.endpoint);
  const peak = { memory: 0, kernel: 0 };
  let isAlone = true;
  const look = () => {
    peak.memory = Math.max(peak.memory, server.memory - before.memory);
    // The buffers of a fast reader are a different matter.
    if (isAlone) peak.kernel = Math.max(peak.kernel, kernelBuffers() - before.kernel);
  };
  const watching = setInterval(look, LOOK_EVERY);
  await crowd.join(readers, (socket) => readSlowly(socket, ask));
  await sleep(watch / 2);
  isAlone = false;
  const visitor = new Visitor(server.endpoint, gallery, 'large.tif', folder);
  await sleep(watch / 2);
  clearInterval(watching);
  const held = crowd.sockets.size;
  const visits = await visitor.leave();
  crowd.disperse();
  await server.kill();
  return [
    always('readers held', held, readers),
    bytesAtMost('additional memory of the server', peak.memory, MOST_MEMORY),
    bytesAtMost('TCP buffers in the kernel, both ends', peak.kernel, kernel),
    always('downloads verified in the meantime', visits.verified, visits.count),
  ];
}

function readSlowly(socket: Socket, ask: Buffer): void {
  socket.write(ask);
  socket.on('data', () => void socket.pause());
  const reading = setInterval(() => void socket.resume(), READ_EVERY);
  socket.once('close', () => clearInterval(reading));
}
