import { mkdirSync, writeFileSync } from 'node:fs';

import type { Bed } from '../bed';
import { command } from '../process/command';
import type { Certificate } from './certificate';
import { startService, type Service } from './service';

/** nginx with its own folder and configuration, tuned for serving files: sendfile, one worker per core, no log. */
export function nginx(bed: Bed): Promise<Service> {
  return bed.service('nginx', () => {
    const prefix = bed.scratch('nginx');
    mkdirSync(prefix);
    return startService(bed.link, (port) => {
      writeFileSync(`${prefix}/nginx.conf`, configuration(bed, port));
      return command('nginx', '-p', prefix, '-e', `${prefix}/error.log`, '-c', `${prefix}/nginx.conf`);
    });
  });
}

function configuration({ link, data, certificate }: Bed, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${kind};`,
  );
  return `daemon off;
worker_processes auto;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  access_log off;
  default_type application/octet-stream;
  ${temporary.join(' ')}
  ${certificate ? tls(certificate) : ''}
  server { listen ${link.bind}:${port} backlog=1024${certificate ? ' ssl' : ''}; root ${data.folder}; }
}
`;
}

function tls({ cert, key }: Certificate): string {
  return `ssl_protocols TLSv1.3; ssl_certificate ${cert}; ssl_certificate_key ${key};`;
}
