import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePlace } from '../bench/place';
import { tearDownAtExit } from '../bench/process/tear-down';
import type { Bar, Setting } from './bar';
import { BARS } from './bars';
import { parseOptions, USAGE, type Options } from './options';
import { isInside, runInside } from './own-network';
import { chooseSeed } from './seed';
import { tableOf } from './table';

const ROOT = join(__dirname, '..');
/** Bytes for images and copies. */
const ROOM = 1.5 * 2 ** 30;

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), ROOT);
  if (options.help) return console.log(USAGE);
  if (!existsSync(options.reso)) {
    console.error(`proof: ${options.reso} is missing: npm run build`);
    return process.exit(2);
  }
  tearDownAtExit();
  const seed = chooseSeed('proof');
  const folder = makePlace(undefined, ROOM);
  const { quick, soak, reso } = options;
  const failed = [];
  for (const bar of chosen(options)) {
    const held = await tried(bar, { quick, seed, soak, program: reso, folder });
    if (!held) failed.push(bar.name);
  }
  if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

function chosen({ only }: Options): Bar[] {
  const unknown = only.filter((name) => !BARS.some((bar) => bar.name === name));
  if (unknown.length > 0)
    throw new Error(
      `unknown proof: ${unknown.join(', ')}; choose from ${BARS.map(({ name }) => name).join(', ')}`,
    );
  return BARS.filter(({ name, onRequest }) => (only.length === 0 ? !onRequest : only.includes(name)));
}

/** Prints the measurements; false if a limit was exceeded. */
async function tried(bar: Bar, setting: Setting): Promise<boolean> {
  if (bar.ownNetwork && !isInside()) return triedInside(bar, setting);
  const begun = performance.now();
  const readings = await bar.run(setting);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`\n${tableOf(bar, readings)}\n(${seconds} s)`);
  return readings.every(({ ok }) => ok);
}

function triedInside({ name }: Bar, { quick, program, seed }: Setting): boolean {
  process.env['RESO_PROOF_SEED'] = String(seed);
  const status = runInside(['--only', name, '--reso', program, ...(quick ? ['--quick'] : [])]);
  if (status === undefined) console.log(`\n## ${name}: skipped, because it needs a network namespace (root)`);
  return status === undefined || status === 0;
}

main().then(
  // Anything still running by mistake ends with this process.
  () => process.exit(),
  (error: unknown) => {
    console.error(`proof: ${error instanceof Error ? error.stack : String(error)}`);
    process.exit(2);
  },
);
