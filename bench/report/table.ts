import type { WorkloadResult } from '../results';
import { megabytes, percent, ratio, seconds, titleOf } from './format';
import { processorFigure, processorUnit } from './processor';
import { rowsOf, type Row } from './rows';

const HEAD = ['', 'median', 'min', 'max', 'runs', 'MB/s', 'x reso', 'x best peer'];

export function tableOf(result: WorkloadResult): string {
  const rows = rowsOf(result);
  const long = result.payloadBytesPerSecond !== undefined;
  const unit = processorUnit(result);
  const head = [
    ...[...HEAD, `client ${unit}`, `server ${unit}`],
    ...(long ? ['link 10-90%', 'overall'] : []),
    'lacks',
  ];
  const lines = [head, ...rows.map((row) => cells(row, result, long))];
  const skipped = result.results.filter(({ failure }) => failure !== undefined);
  return [
    `## ${titleOf(result)}`,
    ...(long ? [result.link] : []),
    ...(rows.length > 0 ? aligned(lines) : []),
    ...skipped.map(({ tool, failure }) => `${tool.name}: ${failure}`),
    ...rows.flatMap(memoryLine),
  ].join('\n');
}

function cells(row: Row, { workload }: WorkloadResult, long: boolean): string[] {
  const moves = !workload.one && workload.name !== 'resync';
  return [
    row.name,
    ...[row.median, row.minimum, row.maximum].map(seconds),
    String(row.runs),
    moves ? String(Math.round(row.speed / 1e6)) : '',
    ratio(row.ratioToReso),
    ratio(row.ratioToBestPeer),
    processorFigure(row.processor?.client),
    processorFigure(row.processor?.server),
    ...(long ? [percent(row.utilisation), percent(row.overall)] : []),
    row.leavesOut.join(', ') || 'nothing',
  ];
}

function memoryLine({ name, memory }: Row): string[] {
  if (!memory) return [];
  return [
    `${name}: anonymous memory at most ${megabytes(memory.client)} client, ${megabytes(memory.server)} server`,
  ];
}

/** Aligns the first and the last column left, figures right. */
function aligned(lines: readonly (readonly string[])[]): string[] {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  const last = widths.length - 1;
  return lines.map((cells) =>
    cells
      .map((cell, column) => {
        if (column === last) return cell;
        return column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
      })
      .join('  ')
      .trimEnd(),
  );
}
