import type { ToolResult, WorkloadResult } from '../results';
import { median, summarize, type Summary } from '../statistics';
import { processorCosts, type BothSides } from './processor';

/** A line of the table. */
export interface Row extends Summary {
  readonly name: string;
  readonly role: 'reso' | 'peer' | 'floor';
  readonly seconds: readonly number[];
  /** Bytes per second at the median. */
  readonly speed: number;
  readonly ratioToReso: number | undefined;
  readonly ratioToBestPeer: number | undefined;
  readonly leavesOut: readonly string[];
  /** Shares of the link's payload rate, medians. */
  readonly utilisation: number | undefined;
  readonly overall: number | undefined;
  readonly memory: ToolResult['memory'];
  /** Undefined for a row that is a sum. */
  readonly processor: BothSides | undefined;
}

type Timed = Pick<Row, 'name' | 'role' | 'seconds' | 'leavesOut' | 'memory' | 'processor'> & {
  readonly used: readonly number[];
};

const PROVEN_BY_CHECK = /^(verification|SHA-256)/;

/** The tools that ran, then peers combined with a check of what they delivered. */
export function rowsOf(result: WorkloadResult): Row[] {
  const timed = result.results
    .filter(({ seconds }) => seconds.length > 0)
    .map(({ tool: { name, role, leavesOut }, seconds, utilisation, memory, processor }): Timed => ({
      ...{ name, role, leavesOut, seconds, memory },
      processor: processorCosts(processor, result),
      used: utilisation,
    }));
  const base = timed.find(({ role }) => role === 'reso');
  const best = bestPeer(timed);
  const all = [...timed, ...withChecks(result, timed, best)];
  const bytes = result.bytes * (result.workload.clients ?? 1);
  const ratio = (seconds: readonly number[], to: Timed | undefined) =>
    to && median(seconds) / median(to.seconds);
  return all.map(({ used, ...row }) => ({
    ...row,
    ...summarize(row.seconds),
    speed: bytes / median(row.seconds),
    ratioToReso: ratio(row.seconds, base),
    ratioToBestPeer: ratio(row.seconds, best),
    utilisation: used.length > 0 ? median(used) : undefined,
    overall: used.length > 0 ? bytes / median(row.seconds) / result.payloadBytesPerSecond! : undefined,
  }));
}

function bestPeer(timed: readonly Timed[]): Timed | undefined {
  return timed
    .filter(({ role }) => role === 'peer')
    .toSorted((a, b) => median(a.seconds) - median(b.seconds))[0];
}

/** For the best peer and for the one whose copies were checked. */
function withChecks(
  { results, checks }: WorkloadResult,
  timed: readonly Timed[],
  best: Timed | undefined,
): Timed[] {
  const checked = results.find(({ tool }) => tool.checked)?.tool.name;
  const peers = timed.filter((row) => row === best || row.name === checked);
  return peers
    .flatMap((peer) => [...checks].map(([checker, seconds]) => withCheck(peer, checker.name, seconds)))
    .filter(({ seconds }) => seconds.length > 0);
}

function withCheck(peer: Timed, checker: string, seconds: readonly number[]): Timed {
  return {
    name: `${peer.name} + ${checker}`,
    role: 'peer',
    seconds: sums(peer.seconds, seconds),
    leavesOut: peer.leavesOut.filter((what) => !PROVEN_BY_CHECK.test(what)),
    memory: undefined,
    processor: undefined,
    used: [],
  };
}

/** Adds them round by round. */
function sums(runs: readonly number[], checks: readonly number[]): number[] {
  const length = Math.min(runs.length, checks.length);
  return Array.from({ length }, (_, round) => runs[round]! + checks[round]!);
}
