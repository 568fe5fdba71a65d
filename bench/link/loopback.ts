import type { Link } from './link';

const HOST = '127.0.0.1';

export const loopback: Link = {
  kind: 'loopback',
  description: 'loopback',
  payloadBytesPerSecond: undefined,
  bind: HOST,
  onServer: (command) => command,
  onClient: (command) => command,
  reach: (port) => Promise.resolve({ host: HOST, port }),
  meter: () => ({ stop: () => Promise.resolve([]) }),
  close: () => Promise.resolve(),
};
