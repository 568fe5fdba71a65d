import { writeFileSync } from 'node:fs';

import { command } from '../process/command';
import { nginx } from '../services/nginx';
import { urlOf } from './curl';
import { UNPROVEN, type Tool } from './tool';

export const wget: Tool = {
  name: 'nginx + wget -i',
  role: 'peer',
  needs: ['nginx', 'wget'],
  leavesOut: UNPROVEN,
  oneByOne: true,
  prepare: async (bed, output) => {
    const { endpoint, running } = await nginx(bed);
    const list = `${output}.wget.list`;
    writeFileSync(list, bed.data.names.map((name) => `${urlOf(bed, endpoint, name)}\n`).join(''));
    return {
      command: command('wget', '--no-config', '--quiet', '-nH', '-x', '-P', output, '-i', list),
      server: running,
    };
  },
};

export const wgetFile: Tool = { ...wget, oneByOne: false };
