import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../process/command';
import { freePort } from '../process/free-port';
import { listening } from '../process/listening';
import { Running } from '../process/running';

/** Starts an nginx that serves `location`; its files go to `prefix`, an empty folder. */
export async function startNginx(
  prefix: string,
  location: string,
  modules = '',
): Promise<{ readonly running: Running; readonly port: number }> {
  const port = await freePort();
  mkdirSync(join(prefix, 'logs'), { recursive: true });
  writeFileSync(join(prefix, 'nginx.conf'), configuration(port, location, modules));
  const files = ['-p', prefix, '-e', join(prefix, 'error.log'), '-c', join(prefix, 'nginx.conf')];
  const running = new Running(command('nginx', ...files));
  await listening(running, port);
  return { running, port };
}

function configuration(port: number, location: string, modules: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
worker_processes auto;
pid nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
${modules}
events { worker_connections 1024; }
http {
  sendfile on;
  access_log off;
  default_type application/octet-stream;
  ${kinds.map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
  server { listen 127.0.0.1:${port}; ${location} }
}
`;
}
