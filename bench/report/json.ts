import type { WorkloadResult } from '../results';
import type { Goal } from './goals';
import { rowsOf } from './rows';

export interface About {
  readonly date: string;
  readonly quick: boolean;
  readonly commit: string;
  readonly machine: object;
  readonly place: string;
  readonly programs: Readonly<Record<string, string>>;
}

export function jsonOf(about: About, results: readonly WorkloadResult[], goals: readonly Goal[]): string {
  const workloads = results.map((result) => {
    const { workload, files, bytes, link, linkKind, payloadBytesPerSecond, results: tools } = result;
    return {
      ...{ name: workload.name, title: workload.title, files, bytes, link, linkKind, payloadBytesPerSecond },
      rows: rowsOf(result),
      notRun: tools.flatMap(({ tool, failure }) => (failure ? [{ name: tool.name, reason: failure }] : [])),
    };
  });
  return `${JSON.stringify({ ...about, workloads, goals }, rounded, 2)}\n`;
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(4)) : value;
}
