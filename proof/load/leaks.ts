import { setTimeout as sleep } from 'node:timers/promises';
import { bytesAtMost, countAtMost, type Bar } from '../bar';
import type { Served } from '../process/served';
import { until } from '../process/until';
import { holdSessions } from './hold-sessions';
import { SESSIONS } from './session-kinds';
import { setScene } from './scene';

const FULL = 2000;
const QUICK = 200;
const MOST_HEAP = 2e6;
/** For resident memory: how much an allocator keeps for reuse varies. */
const MOST_RESIDENT = 24e6;

export const leaks: Bar = {
  name: 'leaks',
  claim: 'however a session ends, nothing of it remains',
  async run(setting) {
    const { server } = await setScene(setting, { 'a.jpg': 100_000, 'large.tif': 8_000_000 });
    const count = setting.quick ? QUICK : FULL;
    // As many as are measured afterwards: memory rises to what the work needs at its peak, and must stay there.
    for (const session of Object.values(SESSIONS)) await holdSessions(server.endpoint, session, count);
    let before = await restOf(server, 0);
    const readings = [];
    const sockets = server.descriptors.sockets;
    for (const [kind, session] of Object.entries(SESSIONS)) {
      await holdSessions(server.endpoint, session, count);
      const after = await restOf(server, sockets);
      readings.push(
        countAtMost(
          `${kind}: descriptors left after ${count} sessions`,
          after.descriptors - before.descriptors,
          0,
        ),
        bytesAtMost(`${kind}: heap growth`, after.heap - before.heap, MOST_HEAP),
      );
      before = { ...after, resident: before.resident };
    }
    readings.push(
      bytesAtMost('growth of resident memory, all kinds', server.memory - before.resident, MOST_RESIDENT),
    );
    await server.kill();
    return readings;
  },
};

/** What is left once everything is quiet. `sockets`: the expected number; 0: however many there are. */
async function restOf(server: Served, sockets: number) {
  if (sockets > 0) await until('the sockets are gone', () => server.descriptors.sockets <= sockets);
  await sleep(200);
  const heap = await server.collect();
  return { heap, descriptors: server.descriptors.all, resident: server.memory };
}
