import type { Bed } from '../bed';
import { command } from '../process/command';
import { finish } from '../process/finish';
import { rsyncDaemon } from '../services/rsync-daemon';
import { address } from './reso-get';
import type { Tool } from './tool';

const common = {
  role: 'peer',
  needs: ['rsync'],
  leavesOut: ['SHA-256 (has its own checksum)', 'resume within a file'],
} as const;

export const rsync: Tool = {
  ...common,
  name: 'rsync daemon',
  prepare: async (bed, output) => {
    const { url, server } = await daemon(bed);
    return { command: command('rsync', '-a', url, `${output}/`), server };
  },
};

export const rsyncAgain: Tool = {
  ...common,
  name: 'rsync daemon',
  prepare: async (bed) => {
    const { url, server } = await daemon(bed);
    return { ...(await again(bed, url, bed.scratch('rsync-daemon-copy'))), server };
  },
};

export const rsyncLocalAgain: Tool = {
  ...common,
  name: 'rsync, local',
  prepare: (bed) => again(bed, `${bed.data.folder}/`, bed.scratch('rsync-local-copy')),
};

async function daemon(bed: Bed) {
  const { endpoint, running } = await rsyncDaemon(bed);
  return { url: `rsync://${address(endpoint)}/images/`, server: running };
}

async function again(bed: Bed, from: string, kept: string) {
  const sync = command('rsync', '-a', from, `${kept}/`);
  await bed.once(kept, () => finish(bed.link.onClient(sync), bed.deadlineMs));
  return { command: sync, kept };
}
