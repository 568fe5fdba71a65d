import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../settings/settings';

/**
 * Where a server keeps what it knows about `folder` by default. The name is made of the folder's real path: two servers
 * don't share it, and a server finds it again if the folder is named through a link. Undefined: in memory only.
 */
export function defaultState(
  folder: string,
  env: Environment,
  warn: (message: string) => void,
): string | undefined {
  const path = realPath(folder);
  if (path === undefined) return undefined; // serving it fails with a better message
  const cache = cacheFolder(env);
  if (cache !== undefined)
    return join(cache, 'reso', createHash('sha256').update(path).digest('hex').slice(0, 32));
  warn(
    'HOME is not set: digests are kept in memory only, and are computed anew next time. --state names a folder.',
  );
  return undefined;
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
