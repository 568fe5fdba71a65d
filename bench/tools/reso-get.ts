import type { Bed } from '../bed';
import type { Endpoint } from '../link/link';
import { node, type Command } from '../process/command';

export function resoGet({ reso }: Bed, endpoint: Endpoint, output: string, what: string): Command {
  return node(reso, 'get', what, '--quiet', '--output', output, '--server', address(endpoint));
}

export function address({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
