import { always, bytesAtMost, countAtMost, type Bar } from '../bar';
import { setScene } from '../load/scene';
import { Visitor } from '../load/visitor';
import { until } from '../process/until';
import { talkNonsense } from './talk-nonsense';

const FULL = 100_000;
const QUICK = 2000;
const MOST_GROWTH = 4e6;

export const live: Bar = {
  name: 'live',
  claim: 'a server that is sent corrupted conversations stays up, serves others, and keeps nothing of them',
  async run(setting) {
    const count = setting.quick ? QUICK : FULL;
    const sizes = { 'a.jpg': 100_000, 'img.jpg': 5000, 'big.tif': 3_000_000 };
    const { server, gallery, folder } = await setScene(setting, sizes);
    await talkNonsense(server.endpoint, Math.min(QUICK, count), setting.seed + 1);
    const before = { heap: await server.collect(), sockets: server.descriptors.sockets };
    const visitor = new Visitor(server.endpoint, gallery, 'big.tif', folder);
    await talkNonsense(server.endpoint, count, setting.seed);
    const visits = await visitor.leave();
    await until('the sockets are gone', () => server.descriptors.sockets <= before.sockets);
    const isUp = server.isAlive;
    const growth = (await server.collect()) - before.heap;
    if (server.faults !== '') console.error(server.faults);
    const faults = server.faults.split('\n').length - 1;
    await server.kill();
    return [
      always('server up', Number(isUp), 1),
      countAtMost(`internal errors in ${count} conversations`, faults, 0),
      bytesAtMost('heap growth', growth, MOST_GROWTH),
      always('downloads verified in the meantime', visits.verified, visits.count),
    ];
  },
};
