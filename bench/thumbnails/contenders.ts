import { join } from 'node:path';
import { command, node } from '../process/command';
import { timeOfEnded, timeOfGroup } from '../process/processor';
import { Running } from '../process/running';
import { GroupMemoryWatch } from '../process/shared-memory';
import { LOOK_EVERY, timed, WIDTH, type Contender, type Scene } from './contender';
import { askForAll } from './load';
import { ipx } from './ipx';
import { startNginx } from './nginx';
import { startReso, untilKnown } from './reso';

/** Debian's libnginx-mod-http-image-filter. */
const IMAGE_FILTER = '/usr/lib/nginx/modules/ngx_http_image_filter_module.so';

export function isModule(need: string): boolean {
  return need.endsWith('.so');
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

const start = (scene: Scene) =>
  startReso({ ...scene, state: (known ??= scene.scratch()), cache: scene.scratch() });

const renditions = ({ names }: Scene) => names.map((name) => `/renditions/${name}?w=${WIDTH}&f=webp`);

/** A server that has been up for a while: V8 keeps compiling what sends cached thumbnails for about 15,000 requests. */
const PASSES_UNTIL_COMPILED = 40;

/** Cold: nothing is rendered yet. Cached: the server has sent all of them `passes` times. */
function reso(name: string, passes: number): Contender {
  return {
    name,
    needs: [],
    async run(scene) {
      await settled(scene);
      const { running, port } = await start(scene);
      try {
        for (let pass = 0; pass < passes; pass++) await askForAll(port, renditions(scene));
        const memory = new GroupMemoryWatch(running.pid, LOOK_EVERY);
        const measured = await timed(
          () => askForAll(port, renditions(scene)),
          () => timeOfGroup(running.pid),
        );
        return { ...measured, memory: memory.stop() };
      } finally {
        await running.stop();
      }
    },
  };
}

/** A server that has been up for a while knows the digests of its images. */
async function settled(scene: Scene): Promise<void> {
  if (known !== undefined) return;
  const { running, port } = await start(scene);
  for (const name of scene.names) await untilKnown(port, name);
  await running.stop();
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
      const modules = needs
        .filter(isModule)
        .map((file) => `load_module ${file};`)
        .join('\n');
      const own = location.replaceAll('FOLDER', scene.folder);
      const { running, port } = await startNginx(scene.scratch(), own, modules);
      try {
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
  reso('reso, cold', 0),
  bare,
  vips,
  ipx,
  imageFilter,
  reso('reso, cached, newly started', 1),
  reso('reso, cached', PASSES_UNTIL_COMPILED),
  ready,
];
