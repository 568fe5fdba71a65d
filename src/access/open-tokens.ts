import { describeCause, UsageError } from '../errors';
import { parseTokenFile, type TokenLine } from './token-file';
import { WatchedFiles } from './watched-files';

/** The tokens of a file, as it is whenever somebody asks. `onFault` hears why it can't be used any more. Throws USAGE. */
export function openTokens(path: string, onFault: (message: string) => void): () => readonly TokenLine[] {
  const sentence = (reason: string) => `The token file ${path} ${reason}.`;
  try {
    const file = new WatchedFiles(
      [path],
      ([text = '']) => parseTokenFile(text),
      (reason) => onFault(`${sentence(reason)} The tokens of before hold on.`),
    );
    return () => file.value;
  } catch (cause) {
    const reason = cause instanceof UsageError ? cause.message : `can't be read: ${describeCause(cause)}`;
    throw new UsageError(sentence(reason));
  }
}
