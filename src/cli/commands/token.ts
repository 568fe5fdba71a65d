import { UsageError } from '../../errors';
import { newToken } from '../../index';
import { EXIT } from '../results/exit-code';
import type { CommandRun } from './invocation';

/** Prints a new token, or with a name a line for a server's token file. */
export const run: CommandRun<object> = async ({ names, terminal }) => {
  const [action, name, ...rest] = names;
  if (action !== 'new' || rest.length > 0)
    throw new UsageError("There is 'reso token new', and 'reso token new NAME' for a line of a token file.");
  if (name !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name))
    throw new UsageError('A name has letters, digits, ".", "_", "@" and "-", 64 at most.');
  await terminal.print(`${name === undefined ? '' : `${name} `}${newToken()}\n`);
  return EXIT.done;
};
