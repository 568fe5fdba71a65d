const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NO_WIDTH = /\p{M}/u;

/** How many columns of a terminal `text` takes, as most terminals see it. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += columnsOfOne(char);
  return columns;
}

/** `text`, or as much of its end as fits into `columns` behind an ellipsis: names differ at their ends. */
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
