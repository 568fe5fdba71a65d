import { randomInt } from 'node:crypto';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { FaultProxy } from '../src/testing/fault-proxy';
import { digestsOf, filesIn, KIB, MIB, writeImage, writeSparseImage } from './support/generated-images';
import { HostServer } from './support/host-server';
import { neutralEnvironment, runCommand } from './support/run-command';
import { Scratch } from './support/scratch';
import { waitUntil } from './support/wait-until';
import { builtProgram } from './support/test-run';

const KILLS = 20;
const LARGE = 384 * MIB;
const SMALL = { count: 400, size: 100 * KIB };
const TOTAL = 2 * LARGE + SMALL.count * SMALL.size;
/** A client is killed before it has received more than this. */
const MOST = 128 * MIB;
/** What a kill may cost: what had been asked for and was not yet on the disk. */
const COST = 40 * MIB;

let scratch: Scratch;
let program: string;

beforeAll(async () => {
  scratch = await Scratch.make();
  program = builtProgram();
});

afterAll(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

/** Numbers from 0 to 1 that a seed stands for (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Starts a client, and kills it once so many bytes have come; resolves to whether it was still running. */
async function killAfter(bytes: number, proxy: FaultProxy, args: readonly string[]): Promise<boolean> {
  const target = proxy.bytes + bytes;
  const child = spawn(process.execPath, [program, ...args], { env: neutralEnvironment(), stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) =>
    child.on('error', reject).on('exit', (_, signal) => resolve(signal)),
  );
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  await waitUntil('enough has come', () => isOver() || proxy.bytes >= target, { every: 1 });
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL';
}

test.each([
  ['get', (output: string) => ['get', '--all', '-o', output]],
  ['sync', (output: string) => ['sync', output]],
])(
  '%s, killed twenty times at any moment and then run once: all is whole, hardly anything came twice',
  async (_, argsFor) => {
    const seed = randomInt(2 ** 32);
    process.stdout.write(`kills: seed ${seed}\n`);
    const random = randomFrom(seed);
    const [images, state] = [await scratch.folder('images'), await scratch.folder('state')];
    const output = join(scratch.path, `output-${seed}`);
    for (const name of ['a.tif', 'z.tif']) await writeSparseImage(images, name, LARGE);
    for (let i = 0; i < SMALL.count; i++) await writeImage(images, `m/${i % 7}/${i}.jpg`, SMALL.size);
    await using server = await HostServer.start(program, images, state);
    const proxy = await FaultProxy.start({ port: server.port });
    try {
      const args = [...argsFor(output), '-s', `127.0.0.1:${proxy.port}`];
      let kills = 0;
      for (let run = 0; run < KILLS; run++) {
        if (await killAfter(Math.floor(random() * MOST), proxy, args)) kills++;
      }
      const last = await runCommand({ cwd: scratch.path }, process.execPath, program, ...args);
      expect(last).toMatchObject({ exitCode: 0 });
      expect(kills).toBeGreaterThan(KILLS / 4);
      const expected = await digestsOf(images);
      const delivered = await digestsOf(output);
      for (const name of Object.keys(delivered)) if (name.startsWith('.reso/')) delete delivered[name];
      expect(delivered).toEqual(expected);
      expect((await filesIn(output)).filter((name) => name.endsWith('.part'))).toEqual([]);
      process.stdout.write(`kills: ${kills}, ${((proxy.bytes - TOTAL) / MIB / kills).toFixed(1)} MiB each\n`);
      expect(proxy.bytes).toBeLessThan(TOTAL + kills * COST);
    } finally {
      await proxy.close();
    }
  },
);
