import type { Bar, Reading } from './bar';

const HEAD = ['', 'measured', 'limit', ''];

/** The readings of one bar, for people. */
export function tableOf({ name, claim }: Pick<Bar, 'name' | 'claim'>, readings: readonly Reading[]): string {
  const rows = readings.map(({ what, limit, measured, ok }) => [what, measured, limit, ok ? 'ok' : 'FAILED']);
  return [`## ${name}: ${claim}`, ...aligned([HEAD, ...rows])].join('\n');
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
