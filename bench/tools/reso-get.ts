import type { Bed } from '../bed';
import type { Endpoint } from '../link/link';
import { node, type Command } from '../process/command';

export function resoGet(bed: Bed, endpoint: Endpoint, output: string, what: string): Command {
  return node(bed.reso, 'get', what, '--quiet', '--output', output, ...serverOptions(bed, endpoint));
}

/** How a client finds the server, and knows it. */
export function serverOptions({ certificate }: Bed, endpoint: Endpoint): string[] {
  if (!certificate) return ['--server', address(endpoint)];
  return ['--server', `resos://${address(endpoint)}`, '--ca', certificate.cert];
}

export function address({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
