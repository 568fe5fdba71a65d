/** What a person sees after a program has written this to a terminal, line by line: overwritten parts are gone. */
export function screenOf(output: string): string[] {
  return output.split('\n').map((line) => visible(line).trimEnd());
}

function visible(line: string): string {
  let shown = '';
  let at = 0;
  // eslint-disable-next-line no-control-regex -- these are what a terminal acts on
  for (const [piece] of line.matchAll(/\r|\x1b\[(\d*)K|[^\r\x1b]+/g)) {
    if (piece === '\r') at = 0;
    else if (piece === '\x1b[2K') shown = ' '.repeat(at);
    else if (piece.startsWith('\x1b')) shown = shown.slice(0, at);
    else {
      shown = shown.slice(0, at).padEnd(at) + piece + shown.slice(at + piece.length);
      at += piece.length;
    }
  }
  return shown;
}
