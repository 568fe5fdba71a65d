import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors';
import type { CommandRun } from '../commands/invocation';
import { EXIT } from '../results/exit-code';

const SHELLS = ['bash', 'zsh', 'fish'];

/** Prints what a shell needs to complete command lines of reso. */
export const run: CommandRun<object> = async ({ names, terminal }) => {
  const [shell = '', ...rest] = names;
  if (rest.length > 0 || !SHELLS.includes(shell))
    throw new UsageError(`Completion is for bash, zsh or fish, not '${names.join(' ')}'.`);
  await terminal.print(readFileSync(join(__dirname, `completion.${shell}`), 'utf8'));
  return EXIT.done;
};
