import type { WorkloadResult } from '../results';
import { percent, ratio } from './format';
import { rowsOf, type Row } from './rows';

/** A goal for reso, and what was measured. */
export interface Goal {
  readonly goal: string;
  readonly measured: string;
  readonly reached: boolean;
}

const MEMORY_LIMIT = 150e6;

type Rows = ReadonlyMap<string, readonly Row[]>;

/** The goals that this run covers. */
export function goalsOf(results: readonly WorkloadResult[]): Goal[] {
  const rows: Rows = new Map(results.map((result) => [result.workload.name, rowsOf(result)]));
  return [
    atMost(rows, 'images', 'best peer', bestPeer, 0.8),
    atMost(rows, 'images', 'cp -r', /^cp /, 2.2),
    atMost(rows, 'file', 'nginx + curl', /^nginx \+ curl$/, 0.8),
    atMost(rows, 'file', 'curl and sha256sum -c by coreutils', /^nginx \+ curl \+ .*coreutils/, 0.4),
    atMost(rows, 'small', 'tar over nc', /^tar over nc$/, 1),
    atMost(rows, 'small', 'rsync', /^rsync/, 0.65),
    atMost(rows, 'small', 'curl --parallel', /curl --parallel, \d+$/, 0.4),
    ...['images-long', 'file-long'].flatMap((name) => [
      atLeast(rows, name, 'of the link between first and last tenth', ({ utilisation }) => utilisation, 0.95),
      atLeast(rows, name, 'of the link overall', ({ overall }) => overall, 0.9),
    ]),
    atMost(rows, 'images-long', 'best peer', bestPeer, 0.8),
    atMost(rows, 'images-tls', 'nginx + curl', /^nginx \+ curl$/, 1.5),
    atMost(rows, 'file-tls', 'nginx + curl', /^nginx \+ curl$/, 1.5),
    atMost(rows, 'photos', 'curl --parallel 16', /curl --parallel, 16$/, 1.4),
    atMost(rows, 'photos-tls', 'curl --parallel 16', /curl --parallel, 16$/, 1.5),
    processor(rows, 'small', 75),
    atMost(rows, 'resync', 'local rsync', /^rsync, local/, 1.2),
    atMost(rows, 'one', 'node -e 0', /^node/, 1.6),
    ...[...rows.keys()].map((name) => memory(rows, name)),
  ].filter((goal) => goal !== undefined);
}

function resoIn(rows: Rows, workload: string): Row | undefined {
  return rows.get(workload)?.find(({ name }) => name === 'reso');
}

function bestPeer({ ratioToBestPeer }: Row): boolean {
  return ratioToBestPeer === 1;
}

/** Compared with the fastest of the matching rows. */
function atMost(
  rows: Rows,
  workload: string,
  to: string,
  match: RegExp | ((row: Row) => boolean),
  limit: number,
): Goal | undefined {
  const reso = resoIn(rows, workload);
  const matches = match instanceof RegExp ? ({ name }: Row) => match.test(name) : match;
  const others = (rows.get(workload) ?? []).filter((row) => row.role !== 'reso' && matches(row));
  if (!reso || others.length === 0) return undefined;
  const value = reso.median / Math.min(...others.map(({ median }) => median));
  return { goal: `${workload}: at most ${limit} of ${to}`, measured: ratio(value), reached: value <= limit };
}

function atLeast(
  rows: Rows,
  workload: string,
  what: string,
  figure: (row: Row) => number | undefined,
  limit: number,
): Goal | undefined {
  const reso = resoIn(rows, workload);
  const value = reso && figure(reso);
  if (value === undefined) return undefined;
  return {
    goal: `${workload}: ${percent(limit)} ${what}`,
    measured: percent(value),
    reached: value >= limit,
  };
}

/** On few cores, every microsecond of either side adds to the run. */
function processor(rows: Rows, workload: string, limit: number): Goal | undefined {
  const { client, server } = resoIn(rows, workload)?.processor ?? {};
  if (!client || !server) return undefined;
  const value = client.microsecondsPerImage + server.microsecondsPerImage;
  return {
    goal: `${workload}: at most ${limit} µs of processor time per image, client and server together`,
    measured: `${Math.round(value)} µs`,
    reached: value <= limit,
  };
}

function memory(rows: Rows, workload: string): Goal | undefined {
  const peaks = (rows.get(workload) ?? []).flatMap(({ memory }) =>
    memory ? [memory.client, memory.server] : [],
  );
  if (peaks.length === 0) return undefined;
  const peak = Math.max(...peaks);
  return {
    goal: `${workload}: anonymous memory under ${MEMORY_LIMIT / 1e6} MB on either side`,
    measured: `${Math.round(peak / 1e6)} MB`,
    reached: peak < MEMORY_LIMIT,
  };
}
