import { UsageError } from '../../errors';
import { escapeGlob, globFault, globMatcher, globsFault, hasGlob, nameMeant } from '../../names';

/** Exactly this image, or everything in the folder of this name: never a glob. Entries from `list` qualify. */
export interface ExactName {
  readonly name: string;
}

/** Each is a name, the name of a folder (everything in it), or a glob. A name that exists is never treated as a glob. */
export type Names = Iterable<string | ExactName> | AsyncIterable<string | ExactName>;

/** Which of `names` exist, as images or as folders. */
export type FindThere = (names: readonly string[]) => Promise<ReadonlySet<string>>;

export interface PatternOptions {
  /** A glob also stands for everything in the folders that it matches. */
  readonly reachesIn?: boolean;
  /** Called for invalid globs; without it they throw USAGE. */
  readonly onFault?: (text: string, fault: string) => void;
}

/** The meaning of one pattern. */
interface Pattern {
  /** As it was given. */
  readonly text: string;
  readonly globs: readonly string[];
  isFound: boolean;
}

interface GlobPattern extends Pattern {
  matches(name: string): boolean;
}

/**
 * Patterns as people write them: each is a name, the name of a folder (everything in it), or a glob. If exactly that name
 * exists, it is not treated as a glob, whatever characters it contains.
 */
export class Patterns {
  readonly #all: Pattern[] = [];
  /** By name; names of what can only be folders end in `/`. */
  readonly #literals = new Map<string, Pattern>();
  readonly #globs: GlobPattern[] = [];

  /** Calls `findThere` for patterns that could be either. Throws USAGE. */
  static async of(
    given: readonly (string | ExactName)[],
    findThere: FindThere,
    options: PatternOptions = {},
  ): Promise<Patterns> {
    const doubtful = given.filter((one) => typeof one === 'string' && hasGlob(one)) as readonly string[];
    const asked = doubtful.map((text) => withoutSlash(nameMeant(text)));
    const there = asked.length > 0 ? await findThere(asked) : new Set<string>();
    const patterns = new Patterns();
    for (const one of given) patterns.#add(one, there, options);
    return patterns;
  }

  #add(one: string | ExactName, there: ReadonlySet<string>, options: PatternOptions): void {
    const text = typeof one === 'string' ? one : one.name;
    const meant = typeof one === 'string' ? nameMeant(text) : text;
    if (meant === '.' || meant === './') return this.#addGlob(text, ['**'], options);
    const isGlob = typeof one === 'string' && hasGlob(meant) && !there.has(withoutSlash(meant));
    if (isGlob || meant === '') this.#addGlob(text, globsOf(meant, options), options);
    else this.#addLiteral(text, meant);
  }

  #addLiteral(text: string, meant: string): void {
    const name = withoutSlash(meant);
    const key = meant === name ? name : `${name}/`;
    if (this.#literals.has(key)) return;
    const own = escapeGlob(name);
    const globs = meant === name ? [own, allIn(own)] : [allIn(own)];
    const pattern = { text, globs, isFound: false };
    this.#all.push(pattern);
    this.#literals.set(key, pattern);
  }

  #addGlob(text: string, globs: readonly string[], { onFault }: PatternOptions): void {
    for (const glob of globs) {
      const fault = globFault(glob);
      if (fault === undefined) continue;
      if (!onFault) throw new UsageError(`'${text}' is not a valid glob: ${fault}.`);
      return onFault(text, fault);
    }
    const pattern = { text, globs, isFound: false, matches: globMatcher(globs) };
    this.#all.push(pattern);
    this.#globs.push(pattern);
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** The globs to send to the server; undefined if they don't fit into one request. */
  get globs(): readonly string[] | undefined {
    const globs = this.#all.flatMap((pattern) => pattern.globs);
    const fits = globs.every((glob) => globFault(glob) === undefined) && globsFault(globs) === undefined;
    return fits ? globs : undefined;
  }

  /** Patterns that have matched no name so far. */
  get unmatched(): readonly string[] {
    return this.#all.filter(({ isFound }) => !isFound).map(({ text }) => text);
  }

  matches(name: string): boolean {
    let isMatch = this.#literals.size > 0 && this.#matchesLiteral(name);
    for (const glob of this.#globs) {
      if (isMatch && glob.isFound) continue;
      if (!glob.matches(name)) continue;
      glob.isFound = true;
      isMatch = true;
    }
    return isMatch;
  }

  #matchesLiteral(name: string): boolean {
    let isMatch = false;
    for (const one of selfAndFolders(name)) {
      for (const key of one === name ? [name] : [one, `${one}/`]) {
        const pattern = this.#literals.get(key);
        if (!pattern) continue;
        pattern.isFound = true;
        isMatch = true;
      }
    }
    return isMatch;
  }
}

function globsOf(meant: string, { reachesIn }: PatternOptions): readonly string[] {
  const glob = withoutSlash(meant);
  if (glob !== meant) return [allIn(glob)];
  return reachesIn ? [glob, allIn(glob)] : [glob];
}

/** A name and the names of the folders above it. */
export function selfAndFolders(name: string): readonly string[] {
  const all = [name];
  for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
    all.push(name.slice(0, end));
  }
  return all;
}

export function withoutSlash(name: string): string {
  return name.replace(/\/+$/, '');
}

/** A glob for everything in what `glob` matches. */
export function allIn(glob: string): string {
  return `${glob}/**`;
}
