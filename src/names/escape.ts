const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** Escapes everything in `text` that could move the cursor or change the reading direction, for terminals and logs. */
export function escapeForDisplay(text: string): string {
  // Control characters, line and paragraph separators, direction marks and overrides, the byte order mark; and the
  // backslash itself, so that escapes are unambiguous. Compiled when it is first needed: the Unicode classes take longer
  // to look up than a small download takes to arrive.
  const unsafe = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
  return text.replace(unsafe, (c) => SHORT[c] ?? `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
