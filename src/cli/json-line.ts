const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** `value` as one line of JSON. For a terminal also direction marks and the like are escaped, in JSON's own way. */
export function jsonLine(value: object, forTerminal: boolean): string {
  const line = JSON.stringify(value);
  return forTerminal ? line.replace(UNSAFE, escapeUnits) : line;
}

function escapeUnits(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** What stands in JSON as it is, and turns the reading direction or moves the cursor of a terminal all the same. */
const UNSAFE_IN_JSON = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** Lines of JSON with such characters escaped in JSON's own way. */
export function escapeInJson(lines: string): string {
  return lines.replace(UNSAFE_IN_JSON, escapeUnits);
}
