import type { Progress } from '../../index';
import { escapeForDisplay } from '../../names';
import { formatDuration, formatSize } from './quantity';

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NO_WIDTH = /\p{M}/u;

/** How fast it goes: bytes a second; undefined before that can be told. */
export type Speed = number | undefined;

/** The image at hand, the whole, speed and time left in one line of at most `columns` columns. */
export function progressLine(progress: Progress, speed: Speed, columns: number): string {
  const whole = wholeOf(progress, speed);
  const { current } = progress;
  if (!current) return cutToColumns(whole, columns);
  const share = `${percent(current.done, current.size)}  `;
  const room = columns - columnsOf(whole) - columnsOf(share) - 1;
  if (room < MIN_NAME) return whole.length <= columns ? whole : cutToColumns(whole, columns);
  return `${cutToColumns(escapeForDisplay(current.name), room)} ${share}${whole}`;
}

/** A name cut shorter than this says nothing. */
const MIN_NAME = 4;

function wholeOf(progress: Progress, speed: Speed): string {
  const { imagesDone, imagesTotal, bytesDone, bytesTotal } = progress;
  const parts = [`${imagesDone}/${imagesTotal} images`, `${formatSize(bytesDone)}/${formatSize(bytesTotal)}`];
  if (speed !== undefined) parts.push(`${formatSize(speed)}/s`);
  if (speed) parts.push(`${formatDuration(Math.max(0, bytesTotal - bytesDone) / speed)} left`);
  return parts.join('  ');
}

function percent(done: number, size: number): string {
  const share = size > 0 ? Math.min(1, done / size) : 1;
  return `${Math.floor(share * 100)}%`;
}

/** How many columns of a terminal `text` takes, as most terminals see it. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += columnsOfOne(char);
  return columns;
}

/** `text`, cut to `columns`. The end is kept, behind an ellipsis: names differ at their ends. */
export function cutToColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 1) return '';
  const kept: string[] = [];
  let left = columns - 1;
  for (const char of [...text].reverse()) {
    left -= columnsOfOne(char);
    if (left < 0) break;
    kept.unshift(char);
  }
  return `…${kept.join('')}`;
}

function columnsOfOne(char: string): number {
  if (NO_WIDTH.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}
