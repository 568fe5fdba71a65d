import { ResoError } from '../../errors';
import type { OutputFolder } from '../disk/output-folder';
import type { Lock } from '../../lock';
import { Patterns, type FindThere } from './patterns';
import { notFound, thereAt, type Lister } from './select';
import { notLocked, thereIn } from './select-locked';

/** A selection of images by patterns: names, names of folders, or globs. */
export interface ScopeOptions {
  /** Only these; a glob also stands for everything in the folders that it matches. Empty: all. */
  readonly include?: readonly string[] | undefined;
  /** Not these, likewise. */
  readonly exclude?: readonly string[] | undefined;
}

export interface Scope {
  /** The globs to send to the server; undefined: all. */
  readonly globs: readonly string[] | undefined;
  has(name: string): boolean;
  /** Include patterns that matched no name passed to `has`. */
  readonly missing: readonly string[];
  /** Exclude patterns that matched no name passed to `has`. */
  readonly unusedExcludes: readonly string[];
}

export const EVERYTHING: Scope = { globs: undefined, has: () => true, missing: [], unusedExcludes: [] };

/**
 * The scope of a comparison of the server's images, or those of a lock, with the files in a folder. A name that exists on
 * either side is not treated as a glob. Throws USAGE.
 */
export async function scopeOf(
  { include = [], exclude = [], locked }: ScopeOptions & { readonly locked?: Lock | undefined },
  lister: Lister,
  output: OutputFolder,
): Promise<Scope> {
  if (include.length + exclude.length === 0) return EVERYTHING;
  const findThere = findAny(locked ? thereIn(locked) : thereAt(lister), thereUnder(output));
  const wanted = await Patterns.of(include, findThere, { reachesIn: true });
  const unwanted = await Patterns.of(exclude, findThere, { reachesIn: true });
  return {
    globs: wanted.isEmpty ? undefined : wanted.globs,
    has(name) {
      // Call both, so that each sees all names.
      const isUnwanted = unwanted.matches(name);
      return (wanted.isEmpty || wanted.matches(name)) && !isUnwanted;
    },
    get missing() {
      return wanted.unmatched;
    },
    get unusedExcludes() {
      return unwanted.unmatched;
    },
  };
}

/** The failures of include patterns that matched nothing. */
export function missingOf({ missing }: Scope, locked: Lock | undefined) {
  return missing.map((name) => {
    const error = locked ? notLocked(name) : notFound(name);
    return { name, outcome: 'failed' as const, error, code: error.code };
  });
}

function findAny(...finders: readonly FindThere[]): FindThere {
  return async (names) => {
    const found = await Promise.all(finders.map((find) => find(names)));
    return new Set(found.flatMap((some) => [...some]));
  };
}

function thereUnder(output: OutputFolder): FindThere {
  return async (names) => {
    const found = await Promise.all(names.map((name) => output.lookUp(name).catch(asNothing)));
    return new Set(names.filter((_, i) => found[i]));
  };
}

/** Errors of names that are invalid or can't be examined. */
function asNothing(error: unknown): undefined {
  if (!(error instanceof ResoError)) throw error;
}
