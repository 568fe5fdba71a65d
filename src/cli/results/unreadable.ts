import type { Terminal } from '../terminal/terminal';

/** Says that the server can't read some of what was asked for, if so: that is no failure, but not all of it either. */
export function tellUnreadable(terminal: Pick<Terminal, 'say'>, count: number): void {
  if (count === 0) return;
  const what = count === 1 ? '1 image or folder' : `${count} images or folders`;
  const them = count === 1 ? 'it is' : 'they are';
  terminal.say(
    `reso: the server can't read ${what} of what was asked for: ${them} left out. Its log names some.`,
  );
}
