import type { Checks } from './checksums';
import type { Tool } from './tools/tool';
import type { Workload } from './workloads';

/** The results of one tool in one workload. */
export interface ToolResult {
  readonly tool: Tool;
  /** Seconds of each run, in the order of the rounds. */
  readonly seconds: number[];
  /** The share of a long link that was used between the first and the last tenth of the bytes, each run. */
  readonly utilisation: number[];
  /** Processor seconds of either side in each run; undefined without a server. */
  readonly processor: { readonly client: number[]; readonly server: number[] };
  /** Peaks of anonymous resident memory in bytes, over all runs. */
  memory: { readonly client: number; readonly server: number } | undefined;
  /** Why it was not run, or not to completion. */
  failure: string | undefined;
  /** It failed, and was not just skipped. */
  broken: boolean;
}

export interface WorkloadResult {
  readonly workload: Workload;
  readonly files: number;
  readonly bytes: number;
  readonly link: string;
  readonly linkKind: 'loopback' | 'namespaces' | 'relay';
  readonly payloadBytesPerSecond: number | undefined;
  readonly results: readonly ToolResult[];
  readonly checks: Checks;
}
