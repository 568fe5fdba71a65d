import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isS3 } from '../settings/parse';
import type { Environment } from '../settings/settings';

/**
 * The default folder for what a server knows about `folder`. Its name is derived from the folder's real path, so that two
 * folders don't share it, and it is found again if the folder is given through a link. Undefined: memory only.
 */
export function defaultState(
  folder: string,
  env: Environment,
  warn: (message: string) => void,
): string | undefined {
  const path = isS3(folder) ? folder : realPath(folder);
  if (path === undefined) return undefined; // serving it fails with a better message
  const cache = cacheFolder(env);
  if (cache !== undefined)
    return join(cache, 'reso', createHash('sha256').update(path).digest('hex').slice(0, 32));
  warn(
    'HOME is not set: digests are kept in memory only and must be computed again next time. Set a folder with --state.',
  );
  return undefined;
}

/** The default folder for thumbnails: one for all folders, since images are told apart by their digests. */
export function defaultCache(env: Environment): string | undefined {
  const cache = cacheFolder(env);
  return cache === undefined ? undefined : join(cache, 'reso', 'renditions');
}

function realPath(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}

/** The XDG specification says to ignore a relative path. */
function cacheFolder({ XDG_CACHE_HOME: cache = '', HOME: home = '' }: Environment): string | undefined {
  if (isAbsolute(cache)) return cache;
  return isAbsolute(home) ? join(home, '.cache') : undefined;
}
