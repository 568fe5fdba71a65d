import { spawnSync } from 'node:child_process';

import { node } from '../process/command';
import { finish } from '../process/finish';
import { warmReso } from '../services/reso-server';
import { serverOptions } from './reso-get';
import { RESO } from './reso';
import { NotAvailable, type Tool } from './tool';

export const resoSync: Tool = {
  name: RESO,
  role: 'reso',
  needs: [],
  leavesOut: [],
  prepare: async (bed) => {
    if (!canSync(bed.reso)) throw new NotAvailable('`reso sync` is not available');
    const kept = bed.scratch('reso-sync');
    const { endpoint, running } = await warmReso(bed);
    const command = node(bed.reso, 'sync', kept, '--quiet', ...serverOptions(bed, endpoint));
    await bed.once('reso-sync', () => finish(bed.link.onClient(command), bed.deadlineMs));
    return { command, server: running, kept };
  },
};

/** With an unknown command, the program prints its general help and exits with 0. */
function canSync(reso: string): boolean {
  const { status, stdout } = spawnSync(process.execPath, [reso, 'sync', '--help'], { encoding: 'utf8' });
  return status === 0 && stdout.startsWith('Usage: reso sync');
}
