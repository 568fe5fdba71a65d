import { ResoError, UsageError } from '../../../errors';
import { compareNames, escapeForDisplay } from '../../../names';
import type { ImageEntry, Page } from '../../../protocol';
import { entryOf } from '../../index/index-filter';
import type { IndexStore } from '../../index/index-store';
import type { Lock } from '../../plan/lock-format';
import type { Scope } from '../../plan/scope';
import type { Lister, Selected } from '../../plan/select';
import { selected } from '../../plan/select-locked';

export type Pages = (globs: readonly string[] | undefined) => AsyncIterable<Page>;

/** What the folder is to hold: all that the server has, or what a lock file names. */
export interface WantedList {
  /** In byte order of the names; the same generation means that nothing changed in between. */
  readonly pages: Pages;
  /** How messages call where the list is from. */
  readonly from: string;
  /** Why a list that lacks much may be wrong. */
  readonly doubt: string;
  select(entry: ImageEntry): Selected & { readonly entry: ImageEntry };
  /** Why what the list does not name is wanted all the same; undefined: it is not. */
  whyWanted(name: string): Promise<string | undefined>;
}

export function wantedOfServer(lister: Lister): WantedList {
  return {
    pages: (globs) => lister.pages(globs),
    from: 'the server',
    doubt: 'Its folder may not be mounted',
    select: (entry) => ({ name: entry.name, entry }),
    /** What the server only can't read, or has again, is not gone. */
    async whyWanted(name) {
      try {
        await lister.stat(name);
        return 'The server does not list it, but says that it is there';
      } catch (error) {
        if (!(error instanceof ResoError)) throw error;
        if (error.code === 'NOT_FOUND') return undefined;
        if (error.code === 'UNREADABLE') return "The server has it, but can't read it";
        if (error.code === 'FORBIDDEN') return 'The server does not say whether it is there';
        throw error;
      }
    },
  };
}

/** What the server has, by the index: it was seen to be of the same generation. */
export function wantedOfIndex(wanted: WantedList, store: IndexStore, generation: string): WantedList {
  async function* pages(): AsyncGenerator<Page, void, undefined> {
    for await (const batch of store.batches()) {
      const images: ImageEntry[] = [];
      for (const { entry } of batch) if (entry) images.push(entryOf(entry));
      yield { generation, images };
    }
  }
  return { ...wanted, pages };
}

/** Images of a lock that are taken as one page. */
const PAGE = 256;

/** What a lock names, whatever else the server has. */
export function wantedOfLock(lock: Lock): WantedList {
  return {
    pages: () => pagesOf(lock),
    from: 'the lock file',
    doubt: 'It may be the wrong one',
    select: ({ name, size, sha256 }) => selected({ name, size, sha256: sha256! }),
    // The server may well have it: that is no reason to keep it.
    whyWanted: () => Promise.resolve(undefined),
  };
}

/** Of one generation: a lock file is the whole list of one state. */
async function* pagesOf(lock: Lock): AsyncGenerator<Page, void, undefined> {
  let images: ImageEntry[] = [];
  let last: string | undefined;
  for await (const locked of lock.entries()) {
    const { name, entry } = selected(locked);
    // A lock need not be from a file; out of order, the index would be passed by and files be deleted.
    if (last !== undefined && compareNames(name, last) <= 0) {
      throw new UsageError(
        `The names of a lock must be in byte order, each once: "${escapeForDisplay(name)}" is not.`,
      );
    }
    last = name;
    images.push(entry);
    if (images.length < PAGE) continue;
    yield { generation: 'lock', images };
    images = [];
  }
  yield { generation: 'lock', images };
}

/** The server's images changed while they were listed. */
export class Unsteady extends Error {}

/** A list that is of one state of the server: it throws `Unsteady` where a page is of another than the first. */
export class SteadyListing {
  /** Images in the scope so far. */
  count = 0;
  /** What the server can't read so far. */
  unreadable = 0;
  #generation: string | undefined;

  /** `generation` is the state that it has to be of; undefined: any. */
  constructor(generation?: string) {
    this.#generation = generation;
  }

  get generation(): string | undefined {
    return this.#generation;
  }

  async *read(pages: Pages, scope: Scope): AsyncGenerator<readonly ImageEntry[], void, undefined> {
    for await (const { generation, images, unreadable = 0 } of pages(scope.globs)) {
      this.#generation ??= generation;
      if (generation !== this.#generation) throw new Unsteady();
      const inScope = images.filter(({ name }) => scope.has(name));
      this.count += inScope.length;
      this.unreadable += unreadable;
      yield inScope;
    }
  }
}
