import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { node } from '../process/command';
import { freePort } from '../process/free-port';
import { listening } from '../process/listening';
import { timeOfGroup } from '../process/processor';
import { Running } from '../process/running';
import { GroupMemoryWatch } from '../process/shared-memory';
import { LOOK_EVERY, timed, WIDTH, type Contender, type Scene } from './contender';
import { askForAll } from './load';

const VERSION = '3.1.1';
const PROGRAM = `import { createServer } from 'node:http';
import { createIPX, createIPXNodeServer, ipxFSStorage } from 'ipx';
const [dir, port] = process.argv.slice(2);
createServer(createIPXNodeServer(createIPX({ storage: ipxFSStorage({ dir }) }))).listen(Number(port), '127.0.0.1');
`;

let program: string | undefined;

/** With the same sharp as reso, instead of its own older one. */
function prepare({ scratch }: Scene): void {
  const folder = scratch();
  const own = { private: true, dependencies: { ipx: VERSION }, overrides: { sharp: sharp.versions.sharp } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
  writeFileSync(join(folder, 'serve.mjs'), PROGRAM);
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
  program = join(folder, 'serve.mjs');
}

export const ipx: Contender = {
  name: `IPX ${VERSION}`,
  needs: ['npm'],
  prepare,
  async run({ folder, names }) {
    const port = await freePort();
    const running = new Running(node(program!, folder, String(port)));
    try {
      await listening(running, port);
      const memory = new GroupMemoryWatch(running.pid, LOOK_EVERY);
      const paths = names.map((name) => `/w_${WIDTH},f_webp,q_80/${name}`);
      const measured = await timed(
        () => askForAll(port, paths),
        () => timeOfGroup(running.pid),
      );
      return { ...measured, memory: memory.stop() };
    } finally {
      await running.stop();
    }
  },
};
