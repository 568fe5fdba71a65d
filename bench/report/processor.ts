import type { ToolResult, WorkloadResult } from '../results';

/** From this size on an image is large: its cost is given per byte. */
const LARGE = 1e6;

/** Processor time of one side: the mean of all runs. */
export interface ProcessorCost {
  readonly seconds: number;
  readonly microsecondsPerImage: number;
  /** For large images. */
  readonly secondsPerGiB: number | undefined;
}

export interface BothSides {
  readonly client: ProcessorCost | undefined;
  /** Undefined without a server. */
  readonly server: ProcessorCost | undefined;
}

type Sent = Pick<WorkloadResult, 'files' | 'bytes' | 'workload'>;

export function processorCosts({ client, server }: ToolResult['processor'], sent: Sent): BothSides {
  return { client: costOf(client, sent), server: costOf(server, sent) };
}

/** The mean, because the kernel's steps are too coarse for a median of short runs. */
function costOf(runs: readonly number[], sent: Sent): ProcessorCost | undefined {
  if (runs.length === 0) return undefined;
  const clients = sent.workload.clients ?? 1;
  const seconds = runs.reduce((sum, run) => sum + run, 0) / runs.length;
  return {
    seconds,
    microsecondsPerImage: (seconds / clients / sent.files) * 1e6,
    secondsPerGiB: areLarge(sent) ? (seconds / clients / sent.bytes) * 2 ** 30 : undefined,
  };
}

function areLarge({ workload, files, bytes }: Sent): boolean {
  return !workload.one && bytes / files >= LARGE;
}

/** The unit of `processorFigure`. */
export function processorUnit(sent: Sent): string {
  return areLarge(sent) ? 's/GiB' : 'µs/image';
}

export function processorFigure(cost: ProcessorCost | undefined): string {
  if (!cost) return '';
  return cost.secondsPerGiB?.toFixed(2) ?? String(Math.round(cost.microsecondsPerImage));
}
