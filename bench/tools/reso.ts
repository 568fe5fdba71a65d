import { rm } from 'node:fs/promises';

import { startReso, warmReso } from '../services/reso-server';
import { resoGet } from './reso-get';
import type { Tool } from './tool';

export const RESO = 'reso';

const common = { role: 'reso', needs: [], leavesOut: [] } as const;

export const reso: Tool = {
  ...common,
  name: RESO,
  prepare: async (bed, output) => {
    const { endpoint, running } = await warmReso(bed);
    return { command: resoGet(bed, endpoint, output, '--all'), server: running };
  },
};

/** The server has just been started and knows no digests. */
export const resoCold: Tool = {
  ...common,
  name: 'reso, cold catalog',
  prepare: async (bed, output) => {
    const state = bed.scratch('reso-cold-state');
    const { endpoint, running } = await startReso(bed, state);
    return {
      command: resoGet(bed, endpoint, output, '--all'),
      server: running,
      end: async () => {
        await running.stop();
        await rm(state, { recursive: true, force: true });
      },
    };
  },
};

export const resoOne: Tool = {
  ...common,
  name: RESO,
  prepare: async (bed, output) => {
    const { endpoint, running } = await warmReso(bed);
    return { command: resoGet(bed, endpoint, output, bed.data.names[0]!), server: running };
  },
};
