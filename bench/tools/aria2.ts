import { writeFileSync } from 'node:fs';

import { command } from '../process/command';
import { nginx } from '../services/nginx';
import { urlOf } from './curl';
import type { Tool } from './tool';

export const aria2: Tool = aria2With('-j16');
export const aria2File: Tool = aria2With('-x8', '-s8');

function aria2With(...options: string[]): Tool {
  return {
    name: `nginx + aria2c ${options[0]}`,
    role: 'peer',
    needs: ['nginx', 'aria2c'],
    leavesOut: ['verification', 'atomic files'],
    prepare: async (bed, output) => {
      const { endpoint, running } = await nginx(bed);
      const list = `${output}.aria2.list`;
      writeFileSync(
        list,
        bed.data.names.map((name) => `${urlOf(bed, endpoint, name)}\n  out=${name}\n`).join(''),
      );
      const quiet = ['--no-conf', '--quiet', '--file-allocation=none'];
      return { command: command('aria2c', ...quiet, ...options, '-d', output, '-i', list), server: running };
    },
  };
}
