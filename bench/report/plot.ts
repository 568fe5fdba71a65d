import type { WorkloadResult } from '../results';
import { escapeXml, seconds, titleOf } from './format';
import { processorFigure, processorUnit } from './processor';
import { rowsOf, type Row } from './rows';

const WIDTH = 1060;
const LABEL = 370;
const FIGURE = 130;
/** Width of the processor column on the right. */
const COST = 160;
const BAR = WIDTH - LABEL - FIGURE - COST;
const LINE = 22;
const HEAD = 34;
const GAP = 18;
/** Bars longer than this many times reso's are cut off: they would flatten all others. */
const LONGEST = 8;

const STYLE = `text { font: 13px system-ui, sans-serif; fill: #768390; } .title { font-weight: 600; font-size: 14px; }
.strong { font-weight: 600; } .end { text-anchor: end; } .spread { stroke: #768390; stroke-width: 1.5; }
.reso { fill: #d9692b; } .peer { fill: #5b8ec9; } .floor { fill: #97a1ab; }`;

/** One panel per workload; colors that are readable on light and dark backgrounds. */
export function plotOf(results: readonly WorkloadResult[], caption: string): string {
  let y = GAP;
  const panels = results.map((result) => {
    const rows = rowsOf(result);
    const panel = panelOf(titleOf(result), rows, processorUnit(result), y);
    y += HEAD + rows.length * LINE + GAP;
    return panel;
  });
  const height = y + HEAD;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>How long reso and its peers take</title>
<style>${STYLE}</style>
${panels.join('\n')}
<text x="0" y="${y + 8}">${escapeXml(caption)}</text>
</svg>
`;
}

function panelOf(title: string, rows: readonly Row[], unit: string, y: number): string {
  const reso = rows.find(({ role }) => role === 'reso')?.median ?? Infinity;
  const longest = Math.min(Math.max(...rows.map(({ maximum }) => maximum)), LONGEST * reso);
  const bars = rows.map((row, index) => barOf(row, y + HEAD + index * LINE, BAR / longest));
  return [
    `<text class="title" x="0" y="${y + 16}">${escapeXml(title)}</text>`,
    `<text class="end" x="${WIDTH}" y="${y + 16}">processor: client + server, ${unit}</text>`,
    ...bars,
  ].join('\n');
}

function barOf(row: Row, y: number, scale: number): string {
  const { name, role, median, minimum, maximum, ratioToReso } = row;
  const at = (value: number) => (LABEL + Math.min(value * scale, BAR)).toFixed(1);
  const length = Math.max(1, Math.min(median * scale, BAR)).toFixed(1);
  const middle = y + 8;
  const cut = median * scale > BAR ? ' »' : '';
  const factor = ratioToReso === undefined || ratioToReso === 1 ? '' : ` (${ratioToReso.toFixed(2)} x)`;
  return [
    `<text class="end${role === 'reso' ? ' strong' : ''}" x="${LABEL - 10}" y="${y + 12}">${escapeXml(name)}</text>`,
    `<rect class="${role}" x="${LABEL}" y="${y}" width="${length}" height="15" rx="2"/>`,
    `<line class="spread" x1="${at(minimum)}" x2="${at(maximum)}" y1="${middle}" y2="${middle}"/>`,
    `<text x="${Number(at(Math.max(median, maximum))) + 6}" y="${y + 12}">${seconds(median)}${factor}${cut}</text>`,
    `<text class="end" x="${WIDTH}" y="${y + 12}">${costOf(row)}</text>`,
  ].join('\n');
}

function costOf({ processor }: Row): string {
  return [processor?.client, processor?.server]
    .filter((cost) => cost)
    .map(processorFigure)
    .join(' + ');
}
