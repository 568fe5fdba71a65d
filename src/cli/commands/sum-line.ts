import { escapeForDisplay } from '../../names';

/**
 * A line as `sha256sum` prints it and `sha256sum -c` reads it. Where a name holds what would end the line, or a
 * backslash, the line begins with a backslash and the name is escaped; with NUL as the end nothing has to be.
 */
export function sumLine(
  name: string,
  sha256: string,
  { endsInNul, forTerminal }: { endsInNul: boolean; forTerminal: boolean },
): string {
  if (endsInNul) return `${sha256}  ${name}\0`;
  if (forTerminal) return `${sha256}  ${escapeForDisplay(name)}\n`;
  const escaped = name.replace(UNSAFE, (char) => ESCAPES[char]!);
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
}

/** A CR only at the end, where it would be taken for a part of the line's end: older coreutils read no `\r`. */
const UNSAFE = /[\\\n]|\r$/g;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
