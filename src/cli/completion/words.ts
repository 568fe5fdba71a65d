/** A command line as far as the cursor, in words without their quotes. */
export interface Line {
  readonly words: readonly string[];
  /** The word at the cursor, which may be empty. */
  readonly current: string;
  /** What the shell leaves untouched of it: bash replaces only what follows one of its word breaks, such as `=` or `:`. */
  readonly kept: string;
}

/** Splits as a shell does, but expands nothing. A quote that is still open ends at the cursor. */
export function splitLine(text: string, breaks = ''): Line {
  const words: string[] = [];
  let [current, kept, quote] = ['', '', ''];
  let isWord = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quote === "'" ? char !== "'" : char === '\\') {
      const isEscape = char === '\\' && quote !== "'";
      const next = text[i + 1] ?? '';
      const isLiteral = isEscape && quote === '"' && !'"\\$`'.includes(next);
      current += isEscape && !isLiteral ? next : char;
      if (isEscape && !isLiteral) i++;
      isWord = true;
    } else if (char === quote) quote = '';
    else if (quote === '' && (char === "'" || char === '"')) [quote, isWord] = [char, true];
    else if (quote === '' && /\s/.test(char)) {
      if (isWord) words.push(current);
      [current, kept, isWord] = ['', '', false];
    } else {
      current += char;
      isWord = true;
      if (quote === '' && breaks.includes(char)) kept = current;
    }
  }
  return { words, current, kept };
}
