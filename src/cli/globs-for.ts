import { ResoError, UsageError } from '../errors';
import { globFault, hasGlob } from '../names';
import type { Client } from '../index';

/** What one LIST may carry. */
const MAX_GLOBS = 64;

/** What `names` stand for, as globs; undefined: everything. */
export async function globsFor(client: Client, names: readonly string[]): Promise<string[] | undefined> {
  if (names.length === 0) return undefined;
  const globs: string[] = [];
  for (const name of names) globs.push(...(await globsForOne(client, name)));
  if (globs.length > MAX_GLOBS) throw new UsageError('That is too much at once: quote globs, or name fewer.');
  return globs;
}

/** A plain name is an image or a folder; what looks like a glob is one, unless an image is called exactly so. */
async function globsForOne(client: Client, name: string): Promise<string[]> {
  if (hasGlob(name) && !(await exists(client, name))) return [checkGlob(name)];
  const literal = name.replace(/\/+$/, '').replace(/[*?[\]{}\\]/g, '\\$&');
  return [checkGlob(literal), checkGlob(`${literal}/**`)];
}

async function exists(client: Client, name: string): Promise<boolean> {
  try {
    await client.stat(name);
    return true;
  } catch (error) {
    if (error instanceof ResoError && (error.code === 'NOT_FOUND' || error.code === 'BAD_NAME')) return false;
    throw error;
  }
}

function checkGlob(glob: string): string {
  const fault = globFault(glob);
  if (fault === undefined) return glob;
  throw new UsageError(`'${glob}' is no glob: ${fault}.`);
}
