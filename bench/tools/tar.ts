import { mkdirSync } from 'node:fs';

import { shell } from '../process/command';
import { startTarSender } from '../services/tar-sender';
import { UNPROVEN, type Tool } from './tool';

export const tar: Tool = {
  name: 'tar over nc',
  role: 'peer',
  needs: ['tar', 'nc'],
  leavesOut: UNPROVEN,
  prepare: async (bed, output) => {
    const { endpoint, running } = await startTarSender(bed);
    mkdirSync(output);
    return {
      command: shell(
        'nc "$1" "$2" < /dev/null | tar -C "$3" -xf -',
        endpoint.host,
        String(endpoint.port),
        output,
      ),
      server: running,
      end: () => running.stop(),
    };
  },
};
