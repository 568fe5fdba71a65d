import type { Bed } from '../bed';
import type { Endpoint } from '../link/link';
import { node, type Command } from '../process/command';

export function resoGet(bed: Bed, endpoint: Endpoint, output: string, what: string): Command {
  return node(bed.reso, 'get', what, '--quiet', '--output', output, ...serverOptions(bed, endpoint));
}

/** Options that tell a client where the server is and how to authenticate it. */
export function serverOptions({ certificate }: Bed, endpoint: Endpoint): string[] {
  if (!certificate) return ['--server', address(endpoint)];
  return ['--server', `resos://${address(endpoint)}`, '--ca', certificate.cert];
}

export function address({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}
