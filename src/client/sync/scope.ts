import { ResoError } from '../../errors';
import { globFault, globMatcher } from '../../names';

/** What one LIST may carry. */
const MAX_GLOBS = 64;

/** Which names a sync is about. */
export interface Scope {
  /** What to ask the server for; undefined: all. */
  readonly globs: readonly string[] | undefined;
  has(name: string): boolean;
}

/** A glob stands for the folder of that name, too: all in it. Throws BAD_NAME for what is no glob. */
export function scopeOf(include: readonly string[] = [], exclude: readonly string[] = []): Scope {
  const wanted = include.flatMap(withFolder);
  const unwanted = exclude.flatMap(withFolder);
  const isWanted = wanted.length > 0 ? globMatcher(wanted) : () => true;
  const isUnwanted = unwanted.length > 0 ? globMatcher(unwanted) : () => false;
  return {
    globs: wanted.length > 0 && wanted.length <= MAX_GLOBS ? wanted : undefined,
    has: (name) => isWanted(name) && !isUnwanted(name),
  };
}

function withFolder(glob: string): string[] {
  const own = glob.replace(/\/+$/, '');
  return [own, `${own}/**`].map(checked);
}

function checked(glob: string): string {
  const fault = globFault(glob);
  if (fault === undefined) return glob;
  throw new ResoError('BAD_NAME', `It can't be used as a glob: ${fault}.`, { image: glob });
}
