import type { Stats } from 'node:fs';
import { ResoError } from '../../errors';
import { globFault, hasGlob, MAX_NAME_BYTES } from '../../names';
import type { ImageEntry, Page } from '../../protocol';
import type { Client } from '../client';

/** An image to be fetched. */
export interface Selected {
  readonly name: string;
  /** What the server's list said, if the image came from there. */
  readonly entry?: ImageEntry;
  /** The state that it must be in. */
  readonly locked?: LockedState;
  /** What lies at its place, where somebody has looked just now. */
  readonly looked?: Looked;
}

export interface Looked {
  readonly found: Stats | undefined;
}

export interface LockedState {
  readonly size: number;
  readonly sha256: string;
}

/** What is selected, as many at a time as came to be known together. */
export type Selection = AsyncGenerator<readonly Selected[], void, undefined>;

/** Who is asked what there is. */
export interface Lister extends Pick<Client, 'list' | 'stat'> {
  /** What `list` gives, page by page. */
  pages(globs: readonly string[] | undefined): AsyncIterable<Page>;
}

/** A pattern for which there is nothing. */
export type OnMissing = (pattern: string, error: ResoError) => void;

/**
 * The images that `patterns` stand for, without asking for plain names: whether there is an image of that name its
 * GET will say. Undefined: all images.
 */
export async function* select(
  lister: Lister,
  patterns: Iterable<string> | AsyncIterable<string> | undefined,
  onMissing: OnMissing,
): Selection {
  if (patterns === undefined) {
    for await (const { images } of lister.pages(undefined)) yield images.map(fromList);
    return;
  }
  for await (const pattern of patterns) {
    if (pattern.endsWith('/')) yield* inFolder(lister, pattern.replace(/\/+$/, ''), onMissing);
    else if (hasGlob(pattern)) yield* matching(lister, pattern, onMissing);
    else yield [{ name: pattern }];
  }
}

/** All images in the folder `name`, at any depth. */
export async function* inFolder(lister: Lister, name: string, onMissing: OnMissing): Selection {
  yield* listed(lister, name, folderGlob(name), onMissing);
}

/** Whether the server has an image, be it one that it can't read, in any of the folders `names`, of which there are at most `FOLDERS_AT_ONCE`. */
export async function hasAnyIn(lister: Lister, names: readonly string[]): Promise<boolean> {
  const globs = names.map(folderGlob).filter((glob) => globFault(glob) === undefined);
  if (globs.length === 0) return false;
  let isUnreadable = false;
  const onUnreadable = () => void (isUnreadable = true);
  for await (const _ of lister.list({ globs, onUnreadable })) return true;
  return isUnreadable;
}

/** Folders that are asked for in one request: with the longest names they must fit into a frame. */
export const FOLDERS_AT_ONCE = 32;

function folderGlob(name: string): string {
  return `${escapeGlob(name)}/**`;
}

/** The image of exactly this name where there is one, otherwise those that it matches as a glob. */
async function* matching(lister: Lister, pattern: string, onMissing: OnMissing): Selection {
  const exact = await statIfThere(lister, pattern);
  // Asked for by its name, it is not held back.
  if (exact) yield [{ name: exact.name, entry: { ...exact, unsettled: undefined } }];
  else yield* listed(lister, pattern, pattern, onMissing);
}

async function* listed(lister: Lister, pattern: string, glob: string, onMissing: OnMissing): Selection {
  const fault = globFault(glob);
  if (fault !== undefined) {
    return onMissing(
      pattern,
      new ResoError('BAD_NAME', `It can't be used as a glob: ${fault}.`, { image: pattern }),
    );
  }
  let found = false;
  for await (const { images, unreadable = 0 } of lister.pages([glob])) {
    found ||= images.length + unreadable > 0;
    yield images.map(fromList);
  }
  if (!found) onMissing(pattern, notFound(pattern));
}

function fromList(entry: ImageEntry): Selected {
  return { name: entry.name, entry };
}

async function statIfThere(lister: Lister, name: string): Promise<ImageEntry | undefined> {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return undefined;
  try {
    return await lister.stat(name);
  } catch (error) {
    if (error instanceof ResoError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

function notFound(name: string): ResoError {
  return new ResoError('NOT_FOUND', 'The server has no image of this name.', { image: name });
}

function escapeGlob(text: string): string {
  return text.replace(/[*?[\]{}\\]/g, '\\$&');
}
