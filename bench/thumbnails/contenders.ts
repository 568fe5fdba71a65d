import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, node } from '../process/command';
import { freePort } from '../process/free-port';
import { listening } from '../process/listening';
import { timeOfEnded, timeOfGroup } from '../process/processor';
import { Running } from '../process/running';
import { askForAll } from './load';

/** Where the images are, and where each contender may put what it needs. */
export interface Scene {
  readonly folder: string;
  readonly names: readonly string[];
  readonly reso: string;
  /** A new, empty folder. */
  scratch(): string;
}

export interface Measured {
  readonly seconds: number;
  /** Processor time of all its processes, seconds. */
  readonly processor: number;
  readonly bytes?: number;
}

export interface Contender {
  readonly name: string;
  /** Programs, and modules of nginx by their path, that must be installed. */
  readonly needs: readonly string[];
  run(scene: Scene): Promise<Measured>;
}

const WIDTH = 320;
/** Debian's libnginx-mod-http-image-filter. */
const IMAGE_FILTER = '/usr/lib/nginx/modules/ngx_http_image_filter_module.so';

export function isModule(need: string): boolean {
  return need.endsWith('.so');
}

async function timed(work: () => Promise<number | void>, processorTime: () => number): Promise<Measured> {
  const [began, before] = [performance.now(), processorTime()];
  const bytes = await work();
  const seconds = (performance.now() - began) / 1000;
  return { seconds, processor: processorTime() - before, bytes: bytes ?? undefined };
}

/** Splits the list evenly: the large images are spread over it. */
const bare: Contender = {
  name: 'two bare sharp processes',
  needs: [],
  run: ({ folder, names }) =>
    timed(async () => {
      const program = join(__dirname, 'bare-sharp.js');
      const halves = [0, 1].map((half) => names.filter((_, i) => i % 2 === half));
      await together(halves.map((half) => node(program, folder, ...half)));
    }, timeOfEnded),
};

const vips: Contender = {
  name: 'vipsthumbnail, two processes',
  needs: ['vipsthumbnail'],
  run: ({ folder, names, scratch }) => {
    const output = join(scratch(), '%s.webp[Q=80,effort=2]');
    return timed(async () => {
      const halves = [0, 1].map((half) => names.filter((_, i) => i % 2 === half));
      const files = halves.map((half) => half.map((name) => join(folder, name)));
      await together(files.map((some) => command('vipsthumbnail', '-s', `${WIDTH}x`, '-o', output, ...some)));
    }, timeOfEnded);
  },
};

async function together(commands: readonly ReturnType<typeof command>[]): Promise<void> {
  const ends = await Promise.all(commands.map((one) => new Running(one).ended));
  if (ends.some((code) => code !== 0)) throw new Error(`a process ended with ${ends.join(', ')}`);
}

/** What reso knows of the images after a while; thumbnails are none of it. */
let known: string | undefined;

async function startReso(scene: Scene, cache: string): Promise<{ running: Running; port: number }> {
  const state = (known ??= scene.scratch());
  const [port, http] = [await freePort(), await freePort()];
  const ports = ['--host', '127.0.0.1', '-p', String(port), '--http-port', String(http)];
  const places = ['--state', state, '--cache', cache, '--log-level', 'error'];
  const running = new Running(node(scene.reso, 'serve', scene.folder, ...ports, ...places));
  await listening(running, http);
  return { running, port: http };
}

const renditions = ({ names }: Scene) => names.map((name) => `/renditions/${name}?w=${WIDTH}&f=webp`);

/** Cold: nothing is rendered yet. Cached: the same again. */
function reso(name: string, isCached: boolean): Contender {
  return {
    name,
    needs: [],
    async run(scene) {
      await settled(scene);
      const { running, port } = await startReso(scene, scene.scratch());
      try {
        if (isCached) await askForAll(port, renditions(scene));
        return await timed(
          () => askForAll(port, renditions(scene)),
          () => timeOfGroup(running.pid),
        );
      } finally {
        await running.stop();
      }
    },
  };
}

/** A server that has been up for a while knows the digests of its images. */
async function settled(scene: Scene): Promise<void> {
  if (known !== undefined) return;
  const { running, port } = await startReso(scene, scene.scratch());
  for (const name of scene.names) await waitForDigest(port, name);
  await running.stop();
}

async function waitForDigest(port: number, name: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/image?name=${encodeURIComponent(name)}`);
    const { sha256, facts } = (await answer.json()) as { sha256?: string; facts?: object };
    if (sha256 !== undefined && facts !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function nginx(
  name: string,
  location: string,
  needs: readonly string[],
  paths: (scene: Scene) => string[],
): Contender {
  return {
    name,
    needs,
    async run(scene) {
      const [prefix, port] = [scene.scratch(), await freePort()];
      const modules = needs
        .filter(isModule)
        .map((file) => `load_module ${file};`)
        .join('\n');
      mkdirSync(join(prefix, 'logs'), { recursive: true });
      writeFileSync(
        join(prefix, 'nginx.conf'),
        configuration(port, location.replaceAll('FOLDER', scene.folder), modules),
      );
      const files = ['-p', prefix, '-e', join(prefix, 'error.log'), '-c', join(prefix, 'nginx.conf')];
      const running = new Running(command('nginx', ...files));
      try {
        await listening(running, port);
        return await timed(
          () => askForAll(port, paths(scene)),
          () => timeOfGroup(running.pid),
        );
      } finally {
        await running.stop();
      }
    },
  };
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

const imageFilter = nginx(
  'nginx image_filter (JPEG)',
  `root FOLDER; location / { image_filter resize ${WIDTH} -; image_filter_buffer 64M; }`,
  ['nginx', IMAGE_FILTER],
  ({ names }) => names.map((name) => `/${name}`),
);

/** Files of the size of the thumbnails, as a folder of ready-made ones would hold. */
const ready = nginx('nginx, ready-made files', 'root FOLDER/../ready;', ['nginx'], ({ names }) =>
  names.map((name) => `/${name}.webp`),
);

export const CONTENDERS: readonly Contender[] = [
  reso('reso, cold', false),
  bare,
  vips,
  imageFilter,
  reso('reso, cached', true),
  ready,
];
