import { ResoError, UsageError } from '../../../errors';
import { compareNames, escapeForDisplay } from '../../../names';
import type { ImageEntry, Page } from '../../../protocol';
import { entryOf } from '../../index/index-filter';
import type { IndexStore } from '../../index/index-store';
import type { Lock } from '../../../lock';
import type { Scope } from '../../plan/scope';
import type { Lister, Selected } from '../../plan/select';
import { selected } from '../../plan/select-locked';

export type Pages = (globs: readonly string[] | undefined) => AsyncIterable<Page>;

/** What the folder must contain: everything on the server, or the images in a lock file. */
export interface WantedList {
  /** In byte order of the names; the same generation means that nothing changed in between. */
  readonly pages: Pages;
  /** The name of the list's source in messages. */
  readonly from: string;
  /** Why a list that lacks many files may be wrong. */
  readonly doubt: string;
  select(entry: ImageEntry): Selected & { readonly entry: ImageEntry };
  /** Why a file that is not listed is wanted anyway; undefined: it is not. */
  whyWanted(name: string): Promise<string | undefined>;
}

export function wantedOfServer(lister: Lister): WantedList {
  return {
    pages: (globs) => lister.pages(globs),
    from: 'the server',
    doubt: 'Its folder may not be mounted',
    select: (entry) => ({ name: entry.name, entry }),
    /** An image that the server merely can't read, or has again, is not gone. */
    async whyWanted(name) {
      try {
        await lister.stat(name);
        return 'The server does not list it but says that it exists';
      } catch (error) {
        if (!(error instanceof ResoError)) throw error;
        if (error.code === 'NOT_FOUND') return undefined;
        if (error.code === 'UNREADABLE') return "The server has it but can't read it";
        if (error.code === 'FORBIDDEN') return 'The server does not say whether it exists';
        throw error;
      }
    },
  };
}

/** The server's images, taken from the index, which is known to be of the same generation. */
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

/** Images of a lock per page. */
const PAGE = 256;

/** The images in a lock, whatever else the server has. */
export function wantedOfLock(lock: Lock): WantedList {
  return {
    pages: () => pagesOf(lock),
    from: 'the lock file',
    doubt: 'It may be the wrong one',
    select: ({ name, size, sha256 }) => selected({ name, size, sha256: sha256! }),
    // The server may well have it, but that is no reason to keep it.
    whyWanted: () => Promise.resolve(undefined),
  };
}

/** The generation is fixed: a lock file is the complete list of one state. */
async function* pagesOf(lock: Lock): AsyncGenerator<Page, void, undefined> {
  let images: ImageEntry[] = [];
  let last: string | undefined;
  for await (const locked of lock.entries()) {
    const { name, entry } = selected(locked);
    // A lock need not come from a file; if it were out of order, files would be missed in the index and deleted.
    if (last !== undefined && compareNames(name, last) <= 0) {
      throw new UsageError(
        `The names of a lock must be unique and in byte order, but "${escapeForDisplay(name)}" is out of order.`,
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

/** The server's images changed while they were being listed. */
export class Unsteady extends Error {}

/** A list of one state of the server: it throws `Unsteady` if a page has a different generation than the first. */
export class SteadyListing {
  /** Images in the scope so far. */
  count = 0;
  /** Images and folders that the server can't read so far. */
  unreadable = 0;
  #generation: string | undefined;

  /** `generation` is the required generation; undefined: any. */
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
