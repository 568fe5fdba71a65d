import { escapeXml, megabytes, seconds } from './format';

/** The part of a workload's JSON that the picture needs. */
export interface MeasuredWorkload {
  readonly name: string;
  readonly title: string;
  readonly files: number;
  readonly bytes: number;
  readonly rows: readonly Measured[];
}

interface Measured {
  readonly name: string;
  readonly role: string;
  readonly median: number;
}

/** The workloads in the picture, if measured, in this order: few enough to take in at a glance. */
const SHOWN = ['images', 'images-tls', 'images-long', 'photos', 'file', 'small'];

const WIDTH = 720;
const LABEL = 270;
const FIGURE = 70;
const LINE = 17;
const HEAD = 24;
const GAP = 14;

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #768390; } .title { font-weight: 600; font-size: 13px; }
.end { text-anchor: end; } .reso { fill: #d9692b; } .peer { fill: #97a1ab; } .checked { fill: #5b8ec9; }`;

/** For each workload: reso, the fastest other tool, and the fastest one whose copy is checked by SHA-256 as reso's is. */
export function summaryOf(measured: readonly MeasuredWorkload[]): string {
  const workloads = SHOWN.flatMap((name) => measured.filter((one) => one.name === name));
  let y = 0;
  const panels = workloads.map((workload) => {
    const bars = barsOf(workload);
    const panel = panelOf(titleOf(workload), bars, y);
    y += HEAD + bars.length * LINE + GAP;
    return panel;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img">
<title>Time of reso, of the fastest other tool, and of the fastest one with a SHA-256 check</title>
<style>${STYLE}</style>
${panels.join('\n')}
</svg>
`;
}

interface Bar extends Measured {
  readonly style: 'reso' | 'peer' | 'checked';
}

function barsOf({ rows }: MeasuredWorkload): Bar[] {
  const peers = rows.filter(({ role }) => role === 'peer').toSorted((a, b) => a.median - b.median);
  const reso = rows.find(({ role }) => role === 'reso');
  const fastest = peers.find(({ name }) => !isChecked(name));
  const checked = peers.find(({ name }) => isChecked(name));
  return [
    ...(reso ? [{ ...reso, style: 'reso' as const }] : []),
    ...(fastest ? [{ ...fastest, style: 'peer' as const }] : []),
    ...(checked ? [{ ...checked, style: 'checked' as const }] : []),
  ];
}

function isChecked(name: string): boolean {
  return /SHA-256|sha256sum/.test(name);
}

function titleOf({ name, title, files, bytes }: MeasuredWorkload): string {
  const what = files === 1 ? `${title}, ${megabytes(bytes)}` : `${files.toLocaleString('en')} ${title}`;
  if (name.endsWith('-tls')) return `${what}, over TLS 1.3`;
  return name.endsWith('-long') ? `${what}, over a long link` : what;
}

function panelOf(title: string, bars: readonly Bar[], y: number): string {
  const scale = (WIDTH - LABEL - FIGURE) / Math.max(...bars.map(({ median }) => median));
  return [
    `<text class="title" x="0" y="${y + 15}">${escapeXml(title)}</text>`,
    ...bars.map((bar, index) => barOf(bar, y + HEAD + index * LINE, scale)),
  ].join('\n');
}

function barOf({ name, style, median }: Bar, y: number, scale: number): string {
  const length = Math.max(1, median * scale);
  return [
    `<text class="end" x="${LABEL - 10}" y="${y + 10}">${escapeXml(name.replace(/^nginx \+ /, ''))}</text>`,
    `<rect class="${style}" x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="12" rx="2"/>`,
    `<text x="${(LABEL + length + 6).toFixed(1)}" y="${y + 10}">${seconds(median)}</text>`,
  ].join('\n');
}
