import { UsageError } from '../../errors';
import { newToken } from '../../index';
import { EXIT } from '../results/exit-code';
import type { CommandRun } from './invocation';

/** Prints a new token or, given a name, a line for a server's token file. */
export const run: CommandRun<object> = async ({ names, terminal }) => {
  const [action, name, ...rest] = names;
  if (action !== 'new' || rest.length > 0)
    throw new UsageError("Use 'reso token new', or 'reso token new NAME' for a line of a token file.");
  if (name !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name))
    throw new UsageError('A name consists of at most 64 letters, digits, ".", "_", "@" and "-".');
  await terminal.print(`${name === undefined ? '' : `${name} `}${newToken()}\n`);
  return EXIT.done;
};
