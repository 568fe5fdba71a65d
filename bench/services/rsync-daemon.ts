import { writeFileSync } from 'node:fs';

import type { Bed } from '../bed';
import { command } from '../process/command';
import { startService, type Service } from './service';

export function rsyncDaemon(bed: Bed): Promise<Service> {
  return bed.service('rsync', () => {
    const file = bed.scratch('rsyncd.conf');
    writeFileSync(file, configuration(bed.data.folder));
    return startService(bed.link, (port) =>
      command(
        'rsync',
        '--daemon',
        '--no-detach',
        `--config=${file}`,
        `--address=${bed.link.bind}`,
        `--port=${port}`,
      ),
    );
  });
}

function configuration(folder: string): string {
  const user = process.getuid?.() === 0 ? 'uid = root\ngid = root\n' : '';
  return `${user}use chroot = no\nreverse lookup = no\nlog file = /dev/null\n[images]\npath = ${folder}\nread only = yes\n`;
}
