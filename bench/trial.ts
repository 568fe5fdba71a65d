import { rm } from 'node:fs/promises';

import type { Bed } from './bed';
import { checkOutput } from './check';
import { timeCheckers, type Checks } from './checksums';
import { utilisation } from './link/utilisation';
import { finish } from './process/finish';
import { MemoryWatch } from './process/memory';
import type { ToolResult } from './results';
import type { Trial } from './tools/tool';
import type { Workload } from './workloads';

/** One timed run of one tool, and what is looked at after it. */
export async function runTrial(
  bed: Bed,
  workload: Workload,
  result: ToolResult,
  checks: Checks,
): Promise<void> {
  const { tool, seconds } = result;
  const output = bed.scratch('output');
  const trial = await tool.prepare(bed, output);
  const copy = trial.kept ?? output;
  try {
    const time = await timed(bed, trial, result);
    if (seconds.length === 0 && !tool.deliversNothing)
      await checkOutput(tool, bed.data, copy, workload.one === true);
    seconds.push(time);
    if (tool.checked) await timeCheckers(checks, bed.data, copy, bed.deadlineMs);
  } finally {
    await trial.end?.();
    await rm(output, { recursive: true, force: true });
  }
}

async function timed(bed: Bed, { command, server }: Trial, result: ToolResult): Promise<number> {
  const { link, deadlineMs } = bed;
  const watches: MemoryWatch[] = [];
  let meter: ReturnType<typeof link.meter> | undefined;
  const time = await finish(link.onClient(command), deadlineMs, ({ pid }) => {
    meter = link.meter(pid);
    if (server) watches.push(new MemoryWatch(pid), new MemoryWatch(server.pid));
  }).finally(() => keepPeaks(result, watches));
  const samples = (await meter?.stop()) ?? [];
  const used = link.payloadBytesPerSecond && utilisation(samples, link.payloadBytesPerSecond);
  if (used) result.utilisation.push(used);
  return time;
}

function keepPeaks(result: ToolResult, watches: readonly MemoryWatch[]): void {
  const [client, server] = watches.map((watch) => watch.stop());
  if (client === undefined || server === undefined) return;
  const { memory } = result;
  result.memory = {
    client: Math.max(client, memory?.client ?? 0),
    server: Math.max(server, memory?.server ?? 0),
  };
}
