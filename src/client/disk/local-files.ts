import { lstatSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ResoError, systemCode } from '../../errors';
import { PromptCalls } from '../../files';
import type { OutputFolder } from './output-folder';

/** What was seen at one place, if anything lay there. */
export interface Looked {
  readonly found: Stats | undefined;
}

interface Folder {
  /** As it is in names, with a `/` behind it unless empty. */
  readonly name: string;
  /** With a separator behind it. */
  readonly path: string;
  /** Whether it was there. */
  readonly isThere: boolean;
}

const NOTHING: Looked = { found: undefined };

type IsWorthIt = (folder: Folder) => boolean;

/** Looks local files up, quickly where names of one folder follow each other. */
export class LocalFiles {
  readonly #output: OutputFolder;
  /** The one that was looked at last, link by link. */
  #folder: Folder | undefined;

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** Undefined also where what lies there can't be looked at: whoever writes there will say why. */
  async find(name: string): Promise<Stats | undefined> {
    return (await this.findAll([name]))[0];
  }

  /** As `find`, for each of `names`. */
  async findAll(names: readonly string[]): Promise<(Stats | undefined)[]> {
    const looked = await this.#lookAll(names, () => true);
    return looked.map((one) => one?.found);
  }

  /**
   * What lies there before something is written, for each of `names`; undefined where that can't be looked at. A folder
   * that was not there for the name before is not looked into again: unless all is to be replaced anyway, what is put
   * there meanwhile shows before it would be.
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

  /** What lies at those of `names` that follow each other in `folder`, from `start` on. */
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

  /** The folder that `name` is in; undefined where that can't be looked at. */
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

/** Looks that count as one call: to measure, and to wait for, each of them would cost as much as the look. */
const AT_ONCE = 8;

const CALLS = new PromptCalls();

/** What lies at each of `paths`, no link followed; undefined for one that can't be looked at. */
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
