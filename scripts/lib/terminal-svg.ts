/** What is on a screen from a second of the recording on. */
export interface Frame {
  readonly at: number;
  readonly lines: readonly string[];
}

/** One terminal above or below another. */
export interface Pane {
  readonly label: string;
  readonly frames: readonly Frame[];
}

export interface Recording {
  readonly columns: number;
  readonly seconds: number;
}

const CHAR = 8.43;
const LINE = 21;
const PADDING = 20;
const BAR = 34;
/** Seconds between frames that are drawn. */
const TICK = 0.1;
/** Which part of the recording is shown where nothing moves. */
const STILL = 0.43;

const STYLE = `
:root{--back:#12161d;--bar:#1b212b;--edge:#2b3340;--text:#d8dee9;--faint:#7d8796;--accent:#7fd1b9}
@media (prefers-color-scheme:light){:root{--back:#fbfcfd;--bar:#eef1f5;--edge:#d3d9e2;--text:#242a33;--faint:#7a8391;--accent:#0b7a5f}}
.back{fill:var(--back);stroke:var(--edge)}.bar{fill:var(--bar)}.edge{stroke:var(--edge)}.dot{fill:var(--edge)}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--text);white-space:pre}
.faint{fill:var(--faint)}.accent{fill:var(--accent)}.label{fill:var(--faint);font-size:12px;text-anchor:end}
.later{opacity:0}`;

/** A line of a screen, and from when until when it is there. */
interface Shown {
  readonly row: number;
  readonly line: string;
  readonly from: number;
  readonly to: number;
}

/** An SVG that looks like terminals at work. What can't animate it, or is asked not to, shows a moment of it. */
export function drawTerminals(panes: readonly Pane[], { columns, seconds }: Recording): string {
  const keyframes: string[] = [];
  const bodies: string[] = [];
  let top = BAR;
  for (const { label, frames } of panes) {
    const rows = Math.max(...frames.map(({ lines }) => lines.length));
    const height = rows * LINE + 2 * PADDING - 8;
    const width = widthOf(columns);
    if (bodies.length > 0) bodies.push(`<path class="edge" d="M0 ${top}H${width}"/>`);
    bodies.push(`<text class="label" x="${width - PADDING}" y="${top + PADDING + 4}">${label}</text>`);
    for (const shown of shownLines(frames, seconds)) {
      const y = top + PADDING + 6 + shown.row * LINE;
      bodies.push(
        `<text x="${PADDING}" y="${y}"${motionOf(shown, seconds, keyframes)}>${markup(shown.line)}</text>`,
      );
    }
    top += height;
  }
  return svg(columns, top, keyframes, bodies);
}

function widthOf(columns: number): number {
  return Math.round(columns * CHAR + 2 * PADDING);
}

/** Each line once for each time that it is there. */
function shownLines(frames: readonly Frame[], seconds: number): Shown[] {
  const steady = frames.filter(({ at }, i) => (frames[i + 1]?.at ?? Infinity) - at > 0.001);
  const drawn = steady.filter(
    ({ at }, i) => i === steady.length - 1 || tickOf(at) !== tickOf(steady[i + 1]!.at),
  );
  const shown: Shown[] = [];
  const rows = Math.max(...drawn.map(({ lines }) => lines.length));
  for (let row = 0; row < rows; row++) {
    let line = '';
    let from = 0;
    for (const frame of [...drawn, { at: seconds, lines: [] }]) {
      const next = frame.lines[row] ?? '';
      if (next === line && frame.at < seconds) continue;
      if (line !== '') shown.push({ row, line, from, to: frame.at });
      line = next;
      from = frame.at;
    }
  }
  return shown;
}

function tickOf(at: number): number {
  return Math.floor(at / TICK);
}

/** Attributes of a line that is not always there. */
function motionOf({ from, to }: Shown, seconds: number, keyframes: string[]): string {
  const isFirst = from === 0;
  const isLast = to >= seconds;
  if (isFirst && isLast) return '';
  const percent = (at: number) => `${((100 * at) / seconds).toFixed(1).replace(/\.0$/, '')}%`;
  const steps = [`0%{opacity:${isFirst ? 1 : 0}}`];
  if (!isFirst) steps.push(`${percent(from)}{opacity:1}`);
  if (!isLast) steps.push(`${percent(to)}{opacity:0}`);
  const name = `m${keyframes.length}`;
  keyframes.push(
    `@keyframes ${name}{${steps.join('')}}#${name}{animation:${name} ${seconds.toFixed(1)}s step-end infinite}`,
  );
  const isStill = from <= STILL * seconds && STILL * seconds < to;
  return ` id="${name}"${isStill ? '' : ' class="later"'}`;
}

function markup(line: string): string {
  const command = /^\$(.*)$/.exec(line);
  if (command) return `<tspan class="accent">$</tspan>${escaped(command[1]!)}`;
  const status = /^( *\d+% {2}.*)( {2}(?:(?! {2}).)* \d+%)$/.exec(line);
  if (!status) return escaped(line);
  const [, whole = '', image = ''] = status;
  return `${escaped(whole)}<tspan class="faint">${escaped(image)}</tspan>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]!);
}

function svg(
  columns: number,
  height: number,
  keyframes: readonly string[],
  bodies: readonly string[],
): string {
  const width = widthOf(columns);
  const dots = [0, 1, 2].map((i) => `<circle class="dot" cx="${22 + i * 20}" cy="${BAR / 2}" r="6"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 ${width + 2} ${height + 2}" width="${width + 2}" xml:space="preserve" role="img" aria-label="reso serves a folder of images in one terminal and downloads it in another">`,
    `<style>${STYLE}`,
    '@media (prefers-reduced-motion:no-preference){',
    ...keyframes,
    '}</style>',
    `<rect class="back" width="${width}" height="${height}" rx="10"/>`,
    `<path class="bar" d="M0.5 ${BAR}V10Q.5 .5 10 .5H${width - 10}Q${width - 0.5} .5 ${width - 0.5} 10V${BAR}Z"/>`,
    ...dots,
    ...bodies,
    '</svg>',
    '',
  ].join('\n');
}
