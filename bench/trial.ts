import { rm } from 'node:fs/promises';

import type { Bed } from './bed';
import { checkOutput } from './check';
import { timeCheckers, type Checks } from './checksums';
import { utilisation } from './link/utilisation';
import { finish } from './process/finish';
import { MemoryWatch } from './process/memory';
import { timeOfEnded, timeOfGroup, timeOfGroupAtRest } from './process/processor';
import type { Running } from './process/running';
import type { ToolResult } from './results';
import type { Trial } from './tools/tool';
import type { Workload } from './workloads';

/** One timed run of one tool, by all clients of the workload at once, and the checks after it. */
export async function runTrial(
  bed: Bed,
  workload: Workload,
  result: ToolResult,
  checks: Checks,
): Promise<void> {
  const { tool, seconds, processor } = result;
  const outputs = outputsOf(bed, workload.clients ?? 1);
  const trials: Trial[] = [];
  try {
    for (const output of outputs) trials.push(await tool.prepare(bed, output));
    const cost = await costOf(bed, trials, result);
    const copies = trials.map(({ kept }, index) => kept ?? outputs[index]!);
    if (seconds.length === 0 && !tool.deliversNothing)
      for (const copy of copies) await checkOutput(tool, bed.data, copy, workload.one === true);
    seconds.push(cost.time);
    processor.client.push(cost.client);
    if (cost.server !== undefined) processor.server.push(cost.server);
    if (tool.checked) await timeCheckers(checks, bed.data, copies[0]!, bed.deadlineMs);
  } finally {
    for (const trial of trials) await trial.end?.();
    await Promise.all(outputs.map((output) => rm(output, { recursive: true, force: true })));
  }
}

function outputsOf(bed: Bed, clients: number): string[] {
  return Array.from({ length: clients }, (_, index) =>
    bed.scratch(index === 0 ? 'output' : `output-${index}`),
  );
}

/** Seconds: elapsed, and processor time of either side. */
async function costOf(bed: Bed, trials: readonly Trial[], result: ToolResult) {
  const server = trials[0]!.server;
  const before = { clients: timeOfEnded(), server: server && timeOfGroup(server.pid) };
  const time = await timed(bed, trials, server, result);
  return {
    time,
    client: timeOfEnded() - before.clients,
    server: server && (await timeOfGroupAtRest(server.pid)) - before.server!,
  };
}

/** From the start of the first client to the end of the last. The last is measured: nothing else starts after it. */
async function timed(
  bed: Bed,
  trials: readonly Trial[],
  server: Running | undefined,
  result: ToolResult,
): Promise<number> {
  const { link, deadlineMs } = bed;
  const watches: MemoryWatch[] = [];
  let meter: ReturnType<typeof link.meter> | undefined;
  const watch = ({ pid }: Running) => {
    meter = link.meter(pid);
    if (server && result.tool.role === 'reso')
      watches.push(new MemoryWatch(pid), new MemoryWatch(server.pid));
  };
  const start = performance.now();
  const ends = await Promise.allSettled(
    trials.map(({ command }, index) =>
      finish(link.onClient(command), deadlineMs, index === trials.length - 1 ? watch : undefined),
    ),
  );
  const time = (performance.now() - start) / 1000;
  keepPeaks(result, watches);
  const samples = (await meter?.stop()) ?? [];
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
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
