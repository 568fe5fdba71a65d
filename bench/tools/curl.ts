import { writeFileSync } from 'node:fs';

import type { Bed } from '../bed';
import type { Endpoint } from '../link/link';
import { command } from '../process/command';
import { nginx } from '../services/nginx';
import { UNPROVEN, type Tool } from './tool';

const BASICS = ['-q', '-sSf', '--create-dirs'];

const common = { role: 'peer', needs: ['nginx', 'curl'], leavesOut: UNPROVEN } as const;

/** One connection, reused for each image. */
export const curl: Tool = {
  ...common,
  name: 'nginx + curl',
  oneByOne: true,
  prepare: (bed, output) => trial(bed, output, []),
};

/** The same for a single file. */
export const curlFile: Tool = { ...curl, oneByOne: false, checked: true };

export const curl4: Tool = parallel(4);
export const curl16: Tool = { ...parallel(16), checked: true };
export const curl64: Tool = parallel(64);

export const curlOne: Tool = {
  ...common,
  name: 'nginx + curl',
  prepare: async (bed, output) => {
    const { endpoint, running } = await nginx(bed);
    const name = bed.data.names[0]!;
    const file = `${output}/${name}`;
    return {
      command: command('curl', ...BASICS, ...trust(bed), '-o', file, urlOf(bed, endpoint, name)),
      server: running,
    };
  },
};

function parallel(count: number): Tool {
  return {
    ...common,
    name: `nginx + curl --parallel, ${count}`,
    prepare: (bed, output) => trial(bed, output, ['--parallel', '--parallel-max', String(count)]),
  };
}

async function trial(bed: Bed, output: string, options: readonly string[]) {
  const { endpoint, running } = await nginx(bed);
  const list = `${output}.curl.conf`;
  const entries = bed.data.names.map(
    (name) => `url = "${urlOf(bed, endpoint, name)}"\noutput = "${output}/${name}"\n`,
  );
  writeFileSync(list, entries.join(''));
  return { command: command('curl', ...BASICS, ...trust(bed), ...options, '-K', list), server: running };
}

/** Nothing else is accepted: no older TLS, no system roots. */
function trust({ certificate }: Bed): string[] {
  return certificate ? ['--tlsv1.3', '--cacert', certificate.cert] : [];
}

export function urlOf({ certificate }: Bed, { host, port }: Endpoint, name: string): string {
  return `${certificate ? 'https' : 'http'}://${host}:${port}/${name}`;
}
