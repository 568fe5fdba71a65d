import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { parseOptions, USAGE, type Options } from './options';
import { makePlace } from './place';
import { tearDownAtExit } from './process/tear-down';
import { findPrograms, missingPrograms } from './programs';
import { goalsOf } from './report/goals';
import { commitOf, machine } from './report/machine';
import { writeReport } from './report/write';
import type { WorkloadResult } from './results';
import { runWorkloads } from './run-workloads';
import { sizesOf, WORKLOADS, type Workload } from './workloads';

const ROOT = join(__dirname, '..');

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), ROOT);
  if (options.help) return console.log(USAGE);
  const workloads = chosen(options);
  if (!existsSync(options.reso)) throw new Error(`${options.reso} is missing: npm run build`);
  const programs = findPrograms();
  const missing = missingPrograms(programs);
  if (missing.length > 0) console.error(`skipping, because not installed: ${missing.join(', ')}`);
  // Without it, what reso delivered could not be checked.
  if (missing.includes('diff')) throw new Error('diff is required');
  tearDownAtExit();
  const place = makePlace(options.dir, roomFor(workloads, options));
  const about = {
    date: new Date().toISOString(),
    quick: options.quick,
    commit: commitOf(ROOT),
    machine: machine(),
    place: place.slice(0, place.lastIndexOf('/')),
    programs: Object.fromEntries(programs),
  };
  const results = await runWorkloads(workloads, place, missing, options);
  printGoals(results, options);
  writeReport(options.out, reportName(options), about, results);
  process.exitCode = failures(results).length > 0 ? 1 : 0;
}

function chosen({ only }: Options): Workload[] {
  const unknown = only.filter((name) => !WORKLOADS.some((workload) => workload.name === name));
  if (unknown.length > 0)
    throw new Error(
      `unknown workload: ${unknown.join(', ')}; choose from ${WORKLOADS.map(({ name }) => name).join(', ')}`,
    );
  return WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name));
}

/** The set, its copies (three while a second sync is measured, otherwise one per client) and some reserve. */
function roomFor(workloads: readonly Workload[], { quick, scale }: Options): number {
  const page = 4096;
  const needs = workloads.map(({ set, name, clients = 1 }) => {
    const bytes = sizesOf(set, quick, scale).reduce((sum, size) => sum + Math.ceil(size / page) * page, 0);
    return bytes * (name === 'resync' ? 4 : 1 + clients);
  });
  return Math.max(...needs) + 64 * 2 ** 20;
}

function printGoals(results: readonly WorkloadResult[], { quick }: Options): void {
  console.log(`\n## goals${quick ? ' (meant for a full run)' : ''}`);
  for (const { goal, measured, reached } of goalsOf(results))
    console.log(`${reached ? 'met    ' : 'not met'}  ${goal}: ${measured}`);
}

/** Only a full run is saved under the name that the README shows. */
function reportName({ quick, only, scale }: Options): string {
  if (scale !== 1 || only.length > 0) return 'partial';
  return quick ? 'quick' : 'latest';
}

/** Tools that failed, not those that were skipped. */
function failures(results: readonly WorkloadResult[]) {
  return results.flatMap(({ results: tools }) => tools).filter(({ broken }) => broken);
}

main().then(
  // Anything still running by mistake ends with this process.
  () => process.exit(),
  (error: unknown) => {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  },
);
