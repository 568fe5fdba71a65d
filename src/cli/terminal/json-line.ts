/** `value` as one line of JSON. For a terminal also direction marks and the like are escaped, in JSON's own way. */
export function jsonLine(value: object, forTerminal: boolean): string {
  const line = JSON.stringify(value);
  return forTerminal ? line.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeUnits) : line;
}

function escapeUnits(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/**
 * Lines of JSON with those characters escaped in JSON's own way that may stand in it as they are, and all the same turn
 * the reading direction or move the cursor of a terminal.
 */
export function escapeInJson(lines: string): string {
  return lines.replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, escapeUnits);
}
