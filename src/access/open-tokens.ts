import { describeCause, UsageError } from '../errors';
import { parseTokenFile, type TokenLine } from './token-file';
import { WatchedFiles, type Watched } from './watched-files';

/**
 * The tokens of a file, as it is whenever somebody asks. What is not in it any more is no token any more: a line that
 * can't be understood lets nobody in, and the others count. Only where the file can't be read those of before stay.
 * `onFault` hears of both. Throws USAGE where either is so at the start.
 */
export function openTokens(path: string, onFault: (message: string) => void): Watched<readonly TokenLine[]> {
  let hear = (faults: readonly string[]): void => {
    throw new UsageError(`The token file ${path} can't be used: ${faults[0]}.`);
  };
  const parse = ([text = '']: readonly string[]) => {
    const { tokens, faults } = parseTokenFile(text);
    if (faults.length > 0) hear(faults);
    return tokens;
  };
  const file = watch(path, parse, (reason) =>
    onFault(`The token file ${reason}. The tokens that it held before stay valid.`),
  );
  hear = (faults) => onFault(`The token file ${path} has faults: ${listed(faults)}.`);
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
  if (others.length === 0) return `${first}. That line lets nobody in`;
  return `${first}; ${others.length} more. These lines let nobody in`;
}
