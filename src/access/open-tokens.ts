import { describeCause, UsageError } from '../errors';
import { parseTokenFile, type TokenLine } from './token-file';
import { WatchedFiles, type Watched } from './watched-files';

/**
 * The tokens in a file, up to date on every access. Tokens that were removed from it are no longer valid; a line that
 * can't be parsed lets nobody in, and the other lines still count. Only if the file can't be read do the previous tokens
 * stay valid. `onFault` is told of both. Throws USAGE if either happens at the start.
 */
export function openTokens(path: string, onFault: (message: string) => void): Watched<readonly TokenLine[]> {
  let hear = (faults: readonly string[]): void => {
    throw new UsageError(`Can't use the token file ${path}: ${faults[0]}.`);
  };
  const parse = ([text = '']: readonly string[]) => {
    const { tokens, faults } = parseTokenFile(text);
    if (faults.length > 0) hear(faults);
    return tokens;
  };
  const file = watch(path, parse, (reason) =>
    onFault(`The token file ${reason}. The previous tokens stay valid.`),
  );
  hear = (faults) => onFault(`The token file ${path} has errors: ${listed(faults)}.`);
  return file;
}

function watch<T>(
  path: string,
  parse: (texts: readonly string[]) => T,
  onFault: (reason: string) => void,
): Watched<T> {
  try {
    return new WatchedFiles([path], parse, onFault);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`The token file ${describeCause(cause)}.`, { cause });
  }
}

function listed([first, ...others]: readonly string[]): string {
  if (others.length === 0) return `${first}. That line is ignored`;
  return `${first}; ${others.length} more. These lines are ignored`;
}
