import type { Bed } from '../bed';
import { command } from '../process/command';
import { finish } from '../process/finish';
import { rsyncDaemon } from '../services/rsync-daemon';
import { address } from './reso-get';
import type { Tool } from './tool';

const common = {
  role: 'peer',
  needs: ['rsync'],
  leavesOut: ['SHA-256 (has a checksum of its own)', 'resume within a file'],
} as const;

export const rsync: Tool = {
  ...common,
  name: 'rsync daemon',
  prepare: async (bed, output) => ({ command: command('rsync', '-a', await daemonUrl(bed), `${output}/`) }),
};

export const rsyncAgain: Tool = {
  ...common,
  name: 'rsync daemon',
  prepare: async (bed) => again(bed, await daemonUrl(bed), bed.scratch('rsync-daemon-copy')),
};

export const rsyncLocalAgain: Tool = {
  ...common,
  name: 'rsync, local',
  prepare: (bed) => again(bed, `${bed.data.folder}/`, bed.scratch('rsync-local-copy')),
};

async function daemonUrl(bed: Bed): Promise<string> {
  const { endpoint } = await rsyncDaemon(bed);
  return `rsync://${address(endpoint)}/images/`;
}

async function again(bed: Bed, from: string, kept: string) {
  const sync = command('rsync', '-a', from, `${kept}/`);
  await bed.once(kept, () => finish(bed.link.onClient(sync), bed.deadlineMs));
  return { command: sync, kept };
}
