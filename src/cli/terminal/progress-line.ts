import type { Progress } from '../../index';
import { escapeForDisplay } from '../../names';
import { formatCount, formatDuration, formatSize } from './quantity';

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NO_WIDTH = /\p{M}/u;

/** How fast it goes: bytes per second; undefined before that can be told. */
export type Speed = number | undefined;

export interface LineOptions {
  readonly columns: number;
  /** How often the line has been drawn. */
  readonly draws?: number;
  /** Makes text less noticeable, without changing its width. */
  readonly dimmed?: (text: string) => string;
}

/** Between the parts of the line. */
const GAP = '  ';

/**
 * How much of the whole is done, speed, time left, and the image at hand, in one line of at most `columns` columns. Parts
 * that do not fit are left out whole.
 */
export function progressLine(progress: Progress, speed: Speed, options: LineOptions): string {
  const parts = isListing(progress) ? listingParts(progress, options) : wholeParts(progress, speed, options);
  const kept = fitting(parts, options.columns);
  const whole = kept.join(GAP);
  if (kept.length < parts.length) return whole;
  return whole + imageAtHand(progress, options, options.columns - columnsOf(whole + GAP));
}

interface Part {
  readonly text: string;
  /** The part with the lowest rank stays longest. */
  readonly rank: number;
}

/** Of a list only how long it has become is known before its end. */
function isListing({ isListed, imagesDone, bytesDone, current }: Progress): boolean {
  return !isListed && imagesDone === 0 && bytesDone === 0 && !current;
}

function listingParts({ imagesTotal }: Progress, { draws = 0 }: LineOptions): Part[] {
  const count = imagesTotal > 0 ? ` ${formatCount(imagesTotal)}` : '';
  return [{ text: `${spinner(draws)} Listing images…${count}`, rank: 0 }];
}

function wholeParts(progress: Progress, speed: Speed, { draws = 0 }: LineOptions): Part[] {
  const { imagesDone, imagesTotal, imagesUnsized, isListed, bytesDone, bytesTotal } = progress;
  const hasTotal = isListed && imagesUnsized === 0;
  const parts = [
    { text: isListed ? percentOf(progress).padStart(4) : spinner(draws), rank: 0 },
    {
      text: hasTotal ? `${formatSize(bytesDone)}/${formatSize(bytesTotal)}` : formatSize(bytesDone),
      rank: 1,
    },
    { text: `${formatCount(imagesDone)}/${formatCount(imagesTotal)}${isListed ? '' : '+'} images`, rank: 2 },
  ];
  if (speed !== undefined) parts.push({ text: `${formatSize(speed)}/s`, rank: 4 });
  if (speed && hasTotal)
    parts.push({ text: `${formatDuration(Math.max(0, bytesTotal - bytesDone) / speed)} left`, rank: 3 });
  return parts;
}

function spinner(draws: number): string {
  return '|/-\\'[draws % 4]!;
}

/** Of the bytes, or of the images where not all sizes are known. 100% only once all is done. */
function percentOf({ imagesDone, imagesTotal, imagesUnsized, bytesDone, bytesTotal }: Progress): string {
  if (imagesDone >= imagesTotal) return '100%';
  const share = imagesUnsized > 0 || bytesTotal === 0 ? imagesDone / imagesTotal : bytesDone / bytesTotal;
  return `${Math.max(0, Math.min(99, Math.floor(share * 100)))}%`;
}

/** The parts that there is room for, most important first, in the order in which they are shown. */
function fitting(parts: readonly Part[], columns: number): string[] {
  const kept = new Set<Part>();
  let room = columns;
  for (const part of [...parts].sort((a, b) => a.rank - b.rank)) {
    const width = columnsOf(part.text) + (kept.size > 0 ? GAP.length : 0);
    if (width <= room) {
      kept.add(part);
      room -= width;
    } else if (part.rank < 2) break;
  }
  return parts.filter((part) => kept.has(part)).map(({ text }) => text);
}

/** A name cut shorter than this says nothing. */
const MIN_NAME = 8;

function imageAtHand({ current }: Progress, { dimmed = (text) => text }: LineOptions, room: number): string {
  if (!current) return '';
  const { name, size, done } = current;
  const share = size > 0 ? Math.min(1, done / size) : 1;
  const percent = ` ${Math.floor(share * 100)}%`;
  const shown = escapeForDisplay(name);
  const left = room - percent.length;
  if (left < Math.min(MIN_NAME, columnsOf(shown))) return '';
  return GAP + dimmed(cutToColumns(shown, left) + percent);
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
