import type { Bed } from './bed';
import { noChecks, type Checks } from './checksums';
import type { ToolResult, WorkloadResult } from './results';
import { NotAvailable, type Tool } from './tools/tool';
import { runTrial } from './trial';
import type { Workload } from './workloads';

export interface MeasureOptions {
  readonly rounds: number;
  /** A tool whose first run takes longer is not run again. */
  readonly slowSeconds: number;
  /** No further round starts after this time, by performance.now(). */
  readonly roundsEndMs: number;
  /** And nothing at all after this time. */
  readonly endMs: number;
  /** Skip tools that wait a round trip for each image on long links. */
  readonly skipHopeless: boolean;
  readonly missing: readonly string[];
  readonly onRun: (line: string) => void;
}

/** Runs each tool once per round, in turn, each round starting with a different one. */
export async function measure(
  bed: Bed,
  workload: Workload,
  options: MeasureOptions,
): Promise<WorkloadResult> {
  const results = workload.tools.map((tool): ToolResult => ({
    tool,
    seconds: [],
    utilisation: [],
    processor: { client: [], server: [] },
    memory: undefined,
    failure: reasonToSkip(tool, workload, options),
    broken: false,
  }));
  const checks = noChecks(options.missing);
  const { link, data } = bed;
  for (let round = 0; round < options.rounds; round++) {
    if (round > 0 && performance.now() > options.roundsEndMs) break;
    for (const result of turned(results, round))
      for (let run = 0; run < workload.runs; run++)
        if (isDue(result, options)) await attempt(bed, workload, result, checks, options);
  }
  return {
    workload,
    files: workload.one ? 1 : data.names.length,
    bytes: data.bytes,
    link: link.description,
    linkKind: link.kind,
    payloadBytesPerSecond: link.payloadBytesPerSecond,
    results,
    checks,
  };
}

function reasonToSkip(
  tool: Tool,
  { long, tls }: Workload,
  { missing, skipHopeless }: MeasureOptions,
): string | undefined {
  const needs = tls ? [...tool.needs, 'openssl'] : tool.needs;
  const absent = needs.filter((program) => missing.includes(program));
  if (absent.length > 0) return `not installed: ${absent.join(', ')}`;
  return long && skipHopeless && tool.oneByOne
    ? 'waits a round trip for each image: skipped with --quick'
    : undefined;
}

function turned<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function isDue({ failure, seconds }: ToolResult, { slowSeconds }: MeasureOptions): boolean {
  return failure === undefined && (seconds[0] ?? 0) <= slowSeconds;
}

async function attempt(
  bed: Bed,
  workload: Workload,
  result: ToolResult,
  checks: Checks,
  { onRun, endMs }: MeasureOptions,
): Promise<void> {
  try {
    if (performance.now() > endMs) throw new NotAvailable('no time left');
    await runTrial(bed, workload, result, checks);
    onRun(`${workload.name}: ${result.tool.name}: ${result.seconds.at(-1)!.toFixed(3)} s`);
  } catch (error) {
    result.failure = error instanceof Error ? error.message : String(error);
    result.broken = !(error instanceof NotAvailable);
    onRun(`${workload.name}: ${result.tool.name}: ${result.failure}`);
  }
}
