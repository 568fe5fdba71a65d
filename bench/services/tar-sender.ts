import { spawnSync } from 'node:child_process';

import type { Bed } from '../bed';
import { shell } from '../process/command';
import { startService, type Service } from './service';

/** Sends the folder once, to the first client. Then it stays, so that its processor time can be read. */
export function startTarSender({ link, data }: Bed): Promise<Service> {
  return startService(link, (port) =>
    shell(`tar -C "$1" -cf - . | ${listenLine()}; exec sleep 3600`, data.folder, link.bind, String(port)),
  );
}

/** Variants of netcat have different options for listening and for ending with their input. */
function listenLine(): string {
  const { stdout, stderr } = spawnSync('nc', ['-h'], { encoding: 'utf8' });
  const help = `${stdout}${stderr}`;
  if (/ncat/i.test(help)) return 'nc --send-only -l "$2" "$3"';
  return /OpenBSD/i.test(help) ? 'nc -N -l "$2" "$3"' : 'nc -q 0 -l -s "$2" -p "$3"';
}
