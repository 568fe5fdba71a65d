import { rm } from 'node:fs/promises';

import type { Bed } from '../bed';
import type { Endpoint } from '../link/link';
import { node } from '../process/command';
import { finish } from '../process/finish';
import { resoGet } from '../tools/reso-get';
import { startService, type Service } from './service';

/** A server that has delivered everything once and so knows all digests. */
export function warmReso(bed: Bed): Promise<Service> {
  return bed.service('reso', async () => {
    const service = await startReso(bed, bed.scratch('reso-state'));
    try {
      await deliverAll(bed, service.endpoint);
    } catch (error) {
      await service.running.stop();
      throw error;
    }
    return service;
  });
}

async function deliverAll(bed: Bed, endpoint: Endpoint): Promise<void> {
  const output = bed.scratch('reso-warm-up');
  await finish(bed.link.onClient(resoGet(bed, endpoint, output, '--all')), bed.deadlineMs);
  await rm(output, { recursive: true, force: true });
}

export function startReso(bed: Bed, state: string): Promise<Service> {
  const { link, data, reso, certificate } = bed;
  const tls = certificate ? ['--tls-cert', certificate.cert, '--tls-key', certificate.key] : [];
  return startService(link, (port) =>
    node(reso, 'serve', data.folder, '--host', link.bind, '--port', String(port), '--state', state, ...tls),
  );
}
