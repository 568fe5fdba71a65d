const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** `text` with everything that could move a cursor or turn the reading direction made visible, for people and logs. */
export function escapeForDisplay(text: string): string {
  // Control characters, line and paragraph separators, direction marks and overrides, the byte order mark; and the
  // backslash itself, so that what was escaped can be told from what was not. Not made before it is needed: the classes
  // of characters take longer to look up than a small download needs for its bytes.
  const unsafe = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
  return text.replace(unsafe, (c) => SHORT[c] ?? `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
