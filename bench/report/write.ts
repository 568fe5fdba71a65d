import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WorkloadResult } from '../results';
import { goalsOf } from './goals';
import { jsonOf, type About } from './json';
import { plotOf } from './plot';
import { summaryOf, type MeasuredWorkload } from './summary';

/** Writes NAME.json, NAME.svg and NAME.summary.svg into the folder. */
export function writeReport(
  folder: string,
  name: string,
  about: About,
  results: readonly WorkloadResult[],
): void {
  mkdirSync(folder, { recursive: true });
  const json = jsonOf(about, results, goalsOf(results));
  const { workloads } = JSON.parse(json) as { workloads: MeasuredWorkload[] };
  writeFileSync(join(folder, `${name}.json`), json);
  writeFileSync(join(folder, `${name}.summary.svg`), summaryOf(workloads));
  writeFileSync(join(folder, `${name}.svg`), plotOf(results, captionOf(about)));
}

function captionOf({ date, commit, machine, quick }: About): string {
  const { cores, processor } = machine as { cores: number; processor: string };
  const sets = quick ? ', --quick: small sets' : '';
  return `Medians, line from minimum to maximum; right: processor time. ${date.slice(0, 10)}, ${commit}, ${cores} cores, ${processor}${sets}`;
}
