import { ResoError } from '../../errors';
import { escapeGlob, globFault, hasGlob, isName, nameMeant } from '../../names';
import type { ImageEntry, Page } from '../../protocol';
import type { Looked } from '../disk/local-files';
import { allIn, Patterns, withoutSlash, type FindThere, type Names } from './patterns';

export interface ListOptions {
  /** Ask what each image is: its format, its size in pixels, when it was taken. The server may have to look first. */
  readonly facts?: true | undefined;
  /** Only these: names, names of folders (all in them), or globs; the name of an image or folder that exists is no glob. */
  readonly globs?: readonly string[] | undefined;
  /** Called at the end with the number of selected images, and folders that may contain some, that the server can't read. */
  readonly onUnreadable?: ((count: number) => void) | undefined;
  /** Called at the end with each of `globs` that matched nothing. */
  readonly onMissing?: ((glob: string) => void) | undefined;
}

/** An image to download. */
export interface Selected {
  readonly name: string;
  /** What the server's list said, if the image came from there. */
  readonly entry?: ImageEntry;
  /** The state that it must be in. */
  readonly locked?: LockedState;
  /** The local file, if it was just checked. */
  readonly looked?: Looked;
}

export interface LockedState {
  readonly size: number;
  readonly sha256: string;
}

/** Selected images, in batches as they become known. */
export type Selection = AsyncGenerator<readonly Selected[], void, undefined>;

/** Answers which images exist. */
export interface Lister {
  /** Throws NOT_FOUND. */
  stat(name: string): Promise<ImageEntry>;
  /** The images that match any of the globs, page by page. */
  /** With `facts` the server is asked what each image is. */
  pages(globs: readonly string[] | undefined, facts?: true): AsyncIterable<Page>;
  /** Whether there is an image, be it one that can't be read, that matches any of the globs. */
  hasAny(globs: readonly string[]): Promise<boolean>;
  /** Whether there is an image in the folder `name`, at any depth. */
  hasFolder(name: string): Promise<boolean>;
}

/** Called for a pattern that matches nothing. */
export type OnMissing = (pattern: string, error: ResoError) => void;

/**
 * The images that match `patterns`. Plain names are not checked: their GET will show whether the image exists. Undefined:
 * all images.
 */
export async function* select(lister: Lister, patterns: Names | undefined, onMissing: OnMissing): Selection {
  if (patterns === undefined) return yield* everything(lister);
  for await (const pattern of patterns) {
    const isPattern = typeof pattern === 'string';
    const name = isPattern ? nameMeant(pattern) : pattern.name;
    if (name === '.' || name === './') yield* everything(lister);
    else if (isPattern && hasGlob(name)) yield* matching(lister, name, onMissing);
    else if (name.endsWith('/')) yield* inFolder(lister, withoutSlash(name), onMissing);
    else yield [{ name }];
  }
}

async function* everything(lister: Lister): Selection {
  for await (const { images } of lister.pages(undefined)) yield images.map(fromList);
}

/** The images that match `globs`, as in `Client.list`, page by page. */
export async function* pagesOf(
  lister: Lister,
  { globs, facts, onMissing }: ListOptions,
): AsyncGenerator<Page, void, undefined> {
  if (!globs) return yield* lister.pages(undefined, facts);
  const patterns = await Patterns.of(globs, thereAt(lister));
  if (patterns.isEmpty) return;
  const asked = patterns.globs;
  let isAnyUnreadable = false;
  for await (const page of lister.pages(asked, facts)) {
    isAnyUnreadable ||= page.unreadable !== undefined;
    const isTold = asked !== undefined && patterns.unmatched.length === 0;
    yield isTold ? page : { ...page, images: page.images.filter(({ name }) => patterns.matches(name)) };
  }
  // It is not known which of them match the unreadable images.
  if (onMissing && !isAnyUnreadable) patterns.unmatched.forEach(onMissing);
}

/** All images in the folder `name`, at any depth. */
export async function* inFolder(lister: Lister, name: string, onMissing: OnMissing): Selection {
  yield* listed(lister, name, folderGlob(name), onMissing);
}

/** Whether the server has an image, even an unreadable one, in any of the folders `names`, at most `FOLDERS_AT_ONCE`. */
export async function hasAnyIn(lister: Lister, names: readonly string[]): Promise<boolean> {
  const globs = names.map(folderGlob).filter((glob) => globFault(glob) === undefined);
  return globs.length > 0 && lister.hasAny(globs);
}

/** Folders per request: with the longest names they just fit (MAX_GLOBS_BYTES). */
export const FOLDERS_AT_ONCE = 16;

function folderGlob(name: string): string {
  return allIn(escapeGlob(name));
}

/** The image of exactly this name if it exists, or everything in that folder, otherwise the images that match it as a glob. */
async function* matching(lister: Lister, pattern: string, onMissing: OnMissing): Selection {
  const name = withoutSlash(pattern);
  const mayBeImage = name === pattern;
  const [image, isFolder] = await Promise.all([
    mayBeImage && hasImage(lister, name),
    hasFolder(lister, name),
  ]);
  if (image) yield [{ name }];
  else if (isFolder) yield* inFolder(lister, name, onMissing);
  else yield* listed(lister, pattern, mayBeImage ? name : allIn(name), onMissing);
}

/** Which names are those of images or folders on the server. */
export function thereAt(lister: Lister): FindThere {
  return async (names) => {
    const isThere = await Promise.all(
      names.map(async (name) => (await hasFolder(lister, name)) || (await hasImage(lister, name))),
    );
    return new Set(names.filter((_, i) => isThere[i]));
  };
}

async function* listed(lister: Lister, pattern: string, glob: string, onMissing: OnMissing): Selection {
  const fault = globFault(glob);
  if (fault !== undefined) {
    return onMissing(
      pattern,
      new ResoError('BAD_NAME', `It is not a valid glob: ${fault}.`, { image: pattern }),
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

async function hasFolder(lister: Lister, name: string): Promise<boolean> {
  return isName(name) && lister.hasFolder(name);
}

async function hasImage(lister: Lister, name: string): Promise<boolean> {
  try {
    await lister.stat(name);
    return true;
  } catch (error) {
    if (!(error instanceof ResoError)) throw error;
    if (error.code === 'UNREADABLE') return true;
    // A client that may access only a few names is not told whether this image exists.
    if (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN') return false;
    throw error;
  }
}

export function notFound(name: string): ResoError {
  return new ResoError('NOT_FOUND', 'The server has no image of this name.', { image: name });
}
