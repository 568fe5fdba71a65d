import { lstatSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ResoError, systemCode } from '../../errors';
import { PromptCalls } from '../../files';
import type { OutputFolder } from './output-folder';

/** The stats of a path, if something is there. */
export interface Looked {
  readonly found: Stats | undefined;
}

interface Folder {
  /** As in names; ends in `/` unless empty. */
  readonly name: string;
  /** Ends in a separator. */
  readonly path: string;
  /** Whether it existed. */
  readonly isThere: boolean;
}

const NOTHING: Looked = { found: undefined };

type IsWorthIt = (folder: Folder) => boolean;

/** Looks up local files, quickly if consecutive names are in the same folder. */
export class LocalFiles {
  readonly #output: OutputFolder;
  /** The last folder checked, component by component. */
  #folder: Folder | undefined;

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** Also undefined if the path can't be examined: writing there will report why. */
  async find(name: string): Promise<Stats | undefined> {
    return (await this.findAll([name]))[0];
  }

  /** Like `find`, for each of `names`. */
  async findAll(names: readonly string[]): Promise<(Stats | undefined)[]> {
    const looked = await this.#lookAll(names, () => true);
    return looked.map((one) => one?.found);
  }

  /**
   * What is at each of `names` before something is written; undefined if that can't be examined. A folder that did not exist
   * for the previous name is not checked again: anything put there in the meantime is noticed before it would be replaced,
   * unless everything is to be replaced anyway.
   */
  lookAll(names: readonly string[]): Promise<(Looked | undefined)[]> {
    return this.#lookAll(names, ({ isThere }) => isThere);
  }

  async #lookAll(names: readonly string[], isWorthIt: IsWorthIt): Promise<(Looked | undefined)[]> {
    const looked: (Looked | undefined)[] = [];
    while (looked.length < names.length) {
      const folder = await this.#enter(names[looked.length]!);
      looked.push(...(folder ? await this.#lookIn(folder, names, looked.length, isWorthIt) : [undefined]));
    }
    return looked;
  }

  /** Stats of the consecutive `names` in `folder`, from `start` on. */
  async #lookIn(
    folder: Folder,
    names: readonly string[],
    start: number,
    isWorthIt: IsWorthIt,
  ): Promise<(Looked | undefined)[]> {
    const some = namesIn(folder, names, start);
    if (!isWorthIt(folder)) return some.map(() => NOTHING);
    const looked = await lookAt(some.map((name) => folder.path + name.slice(folder.name.length)));
    if (looked.includes(undefined)) this.#folder = undefined;
    return looked;
  }

  /** The folder that `name` is in; undefined if it can't be examined. */
  async #enter(name: string): Promise<Folder | undefined> {
    if (this.#folder && isIn(this.#folder, name)) return this.#folder;
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    this.#folder = undefined;
    try {
      const isThere = await this.#output.hasParents(name);
      this.#folder = { name: folder, path: join(this.#output.root, folder, sep), isThere };
      return this.#folder;
    } catch (error) {
      if (error instanceof ResoError || systemCode(error) !== undefined) return undefined;
      throw error;
    }
  }
}

function isIn({ name }: Folder, other: string): boolean {
  return other.startsWith(name) && !other.includes('/', name.length);
}

function namesIn(folder: Folder, names: readonly string[], start: number): readonly string[] {
  let end = start + 1;
  while (end < names.length && isIn(folder, names[end]!)) end++;
  return names.slice(start, end);
}

/** Stats that count as one call: measuring and awaiting each of them would cost as much as the stat. */
const AT_ONCE = 8;

const CALLS = new PromptCalls();

/** Stats of `paths`, without following links; undefined for those that can't be examined. */
export async function lookAt(
  paths: readonly string[],
  calls: PromptCalls = CALLS,
): Promise<(Looked | undefined)[]> {
  const looked: (Looked | undefined)[] = [];
  for (const some of inParts(paths, AT_ONCE)) {
    const here = () => some.map(lookHere);
    looked.push(...(await calls.make(here, () => Promise.all(some.map(lookElsewhere)))));
  }
  return looked;
}

const OR_UNDEFINED = { throwIfNoEntry: false } as const;

function lookHere(path: string): Looked | undefined {
  try {
    return { found: lstatSync(path, OR_UNDEFINED) };
  } catch (error) {
    return ofSystem(error);
  }
}

async function lookElsewhere(path: string): Promise<Looked | undefined> {
  try {
    return { found: await lstat(path) };
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? { found: undefined } : ofSystem(error);
  }
}

function ofSystem(error: unknown): undefined {
  if (systemCode(error) === undefined) throw error;
}

export function* inParts<T>(all: readonly T[], most: number): Generator<readonly T[], void, undefined> {
  for (let i = 0; i < all.length; i += most) yield all.slice(i, i + most);
}
