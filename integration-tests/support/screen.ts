import { Screen } from '../../src/cli/fixtures/screen';

/** What a person sees after a program has written this to a terminal, line by line: overwritten parts are gone. */
export function screenOf(output: string): string[] {
  const screen = new Screen();
  screen.write(output);
  return screen.lines;
}
