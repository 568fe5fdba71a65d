import { join } from 'node:path';

import { Bed } from './bed';
import { makeDataSet, type DataSet } from './data/data-set';
import { loopback } from './link/loopback';
import { openLongLink } from './link/long-link';
import { measure, type MeasureOptions } from './measure';
import type { Options } from './options';
import { tableOf } from './report/table';
import type { WorkloadResult } from './results';
import { makeCertificate } from './services/certificate';
import { sizesOf, type SetName, type Workload } from './workloads';

/** Time limits: of everything, of one run, and of the first run of a tool that is run again. */
const QUICK = { totalMs: 150_000, deadlineMs: 20_000, slowSeconds: 4 };
const FULL = { totalMs: 5_400_000, deadlineMs: 400_000, slowSeconds: 30 };

/** Runs one workload after the other and prints each table as soon as it is ready. */
export async function runWorkloads(
  workloads: readonly Workload[],
  place: string,
  missing: readonly string[],
  options: Options,
): Promise<WorkloadResult[]> {
  const { quick, scale, reso, rounds } = options;
  const { totalMs, deadlineMs, slowSeconds } = quick ? QUICK : FULL;
  const end = performance.now() + totalMs;
  const results: WorkloadResult[] = [];
  let made: { set: SetName; data: DataSet } | undefined;
  for (const [index, workload] of workloads.entries()) {
    if (made?.set !== workload.set) {
      made?.data.remove();
      const data = makeDataSet(place, workload.set, sizesOf(workload.set, quick, scale));
      made = { set: workload.set, data };
    }
    const link = workload.long ? await openLongLink() : loopback;
    const folder = join(place, workload.name);
    const certificate =
      workload.tls && !missing.includes('openssl')
        ? makeCertificate(join(place, `${workload.name}-certificate`), link.bind)
        : undefined;
    const bed = new Bed({ data: made.data, link, reso, certificate, folder, deadlineMs });
    const result = await measure(bed, workload, {
      ...{ rounds, slowSeconds, missing, skipHopeless: quick, onRun },
      ...timesFor(end, workloads.length - index),
    });
    await bed.close();
    await link.close();
    clearLine();
    console.log(`\n${tableOf(result)}`);
    results.push(result);
  }
  return results;
}

/** A share of the remaining time for rounds; a long first round may take twice that, but not everything. */
function timesFor(endMs: number, count: number): Pick<MeasureOptions, 'roundsEndMs' | 'endMs'> {
  const now = performance.now();
  const share = (endMs - now) / count;
  return { roundsEndMs: now + share, endMs: Math.min(endMs, now + 2 * share) };
}

const CLEAR = '\r\u001b[K';

/** Progress for people watching. */
function onRun(line: string): void {
  if (process.stderr.isTTY)
    process.stderr.write(`${CLEAR}${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function clearLine(): void {
  if (process.stderr.isTTY) process.stderr.write(CLEAR);
}
