import { command, node } from '../process/command';
import { UNPROVEN, type Tool } from './tool';

export const cp: Tool = {
  name: 'cp -r',
  role: 'floor',
  needs: ['cp'],
  leavesOut: ['the network', ...UNPROVEN],
  prepare: (bed, output) => Promise.resolve({ command: command('cp', '-r', bed.data.folder, output) }),
};

export const emptyNode: Tool = {
  name: 'node -e 0',
  role: 'floor',
  needs: [],
  leavesOut: ['everything'],
  deliversNothing: true,
  prepare: () => Promise.resolve({ command: node('-e', '0') }),
};
