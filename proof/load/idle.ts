import { setTimeout as sleep } from 'node:timers/promises';
import { always, bytesAtMost, countAtMost, type Bar } from '../bar';
import { encode } from '../../src/protocol';
import { until } from '../process/until';
import { Crowd, firstBytes } from './crowd';
import { setScene } from './scene';
import { Visitor } from './visitor';

const FULL = { connections: 10_000, memory: 150e6 };
/** What the program itself needs, however few connections there are. */
const QUICK = { connections: 1000, memory: 80e6 };
const REST_MS = 3000;
const HELLO = encode.clientHello({ versions: [1] });

export const idle: Bar = {
  name: 'idle',
  claim: 'connections that are idle after HELLO cost little',
  async run(setting) {
    const { connections, memory } = setting.quick ? QUICK : FULL;
    const { server, gallery, folder } = await setScene(setting, { 'a.jpg': 100_000 });
    const before = server.descriptors.sockets;
    const crowd = new Crowd(server.endpoint);
    const visitor = new Visitor(server.endpoint, gallery, 'a.jpg', folder);
    await crowd.join(connections, async (socket) => {
      socket.write(HELLO);
      await firstBytes(socket);
    });
    await sleep(REST_MS);
    const idling = crowd.sockets.size;
    const measured = server.memory;
    const visits = await visitor.leave();
    crowd.disperse();
    await until('the connections are gone', () => server.descriptors.sockets <= before);
    const left = server.descriptors.sockets - before;
    await server.kill();
    return [
      always('connections held', idling, connections),
      bytesAtMost('memory of the server', measured, memory),
      always('downloads verified in the meantime', visits.verified, visits.count),
      countAtMost('sockets left behind', left, 0),
    ];
  },
};
