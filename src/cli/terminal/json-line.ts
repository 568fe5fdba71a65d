/** `value` as one line of JSON. For a terminal, direction marks and the like are written as JSON escapes. */
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
 * Escapes what JSON allows as it is, but what turns a terminal's reading direction or moves its cursor. The result is the
 * same JSON.
 */
export function escapeInJson(lines: string): string {
  return lines.replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, escapeUnits);
}
