import type { Catalog, Found, WalkedImage, WalkQuery } from '../../catalog';
import { globFault, globMatcher } from '../../names';
import { HttpError } from '../http-error';

export type Order = 'name' | 'date' | 'size';

/** Which images are shown, and in which order. */
export interface GridQuery {
  readonly path: string;
  /** Include subfolders. */
  readonly isDeep: boolean;
  /** Only names that contain all of these words. */
  readonly search: string;
  readonly order: Order;
  readonly isDescending: boolean;
  readonly mayRead: ((name: string) => boolean) | undefined;
  readonly mayEnter: ((path: string) => boolean) | undefined;
}

/** A folder in the folder that is shown. */
export interface Subfolder {
  /** Without its path. */
  readonly name: string;
  /** The name of an image in it. */
  readonly cover: string;
}

/** All images of a view, with only what the layout needs. */
export interface GridIndex {
  readonly names: readonly string[];
  /** Width divided by height of each image, times 1,024, at most 65,535; 0 if not known. */
  readonly ratios: Uint16Array;
  /** Whether the dimensions of all images were known. */
  readonly isComplete: boolean;
  /** Those of `path`, whatever was searched for; none if the view is deep. */
  readonly folders: readonly Subfolder[];
}

/** A million images take about 100 MB, and nobody scrolls through more. */
export const MOST_IMAGES = 1_000_000;
const MOST_FOLDERS = 5000;
const RATIO_UNIT = 1024;
const MAX_RATIO = 65_535;

/** Collects the images that `query` selects, in its order. Throws 413 if there are too many. */
export async function buildIndex(catalog: Catalog, query: GridQuery): Promise<GridIndex> {
  const [names, ratios, keys]: [string[], number[], (string | number)[]] = [[], [], []];
  const matches = matcherOf(query.search);
  const folders: Subfolder[] = [];
  let isComplete = true;
  for await (const found of await catalog.walk(query)) {
    if ('folder' in found) {
      if (folders.length < MOST_FOLDERS) folders.push(subfolderOf(found));
      continue;
    }
    const image = found.entry;
    if (!matches(image.name)) continue;
    if (names.length >= MOST_IMAGES) throw tooMany();
    const facts = catalog.knownFacts(image);
    if (!facts) isComplete = false;
    names.push(image.name);
    ratios.push(ratioOf(facts?.width, facts?.height));
    if (query.order !== 'name') keys.push(query.order === 'size' ? image.size : dateOf(image, facts?.taken));
  }
  return { ...arranged(names, ratios, keys, query), isComplete, folders };
}

/** The folders in a folder, without looking at what its images are. */
export async function foldersIn(
  catalog: Catalog,
  query: Omit<WalkQuery, 'isDeep'>,
): Promise<readonly Subfolder[]> {
  const folders: Subfolder[] = [];
  for await (const found of await catalog.walk({ ...query, isDeep: false })) {
    if ('folder' in found) folders.push(subfolderOf(found));
    if (folders.length >= MOST_FOLDERS) break;
  }
  return folders;
}

function subfolderOf({ folder, first }: Extract<Found, { readonly folder: string }>): Subfolder {
  return { name: folder, cover: first.name };
}

function arranged(
  names: readonly string[],
  ratios: readonly number[],
  keys: readonly (string | number)[],
  { order, isDescending }: GridQuery,
): Pick<GridIndex, 'names' | 'ratios'> {
  if (order === 'name' && !isDescending) return { names, ratios: Uint16Array.from(ratios) };
  const places = names.map((_, i) => i);
  // Equal keys keep the order of the names.
  if (order !== 'name') places.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
  if (isDescending) places.reverse();
  return {
    names: places.map((place) => names[place]!),
    ratios: Uint16Array.from(places, (place) => ratios[place]!),
  };
}

/** When the image was taken, if the camera recorded it; otherwise when the file was last modified. */
function dateOf({ mtime }: WalkedImage, taken: string | undefined): string {
  return taken ?? new Date(mtime / 1000).toISOString().slice(0, 19);
}

function ratioOf(width: number | undefined, height: number | undefined): number {
  if (width === undefined || height === undefined) return 0;
  return Math.max(1, Math.min(MAX_RATIO, Math.round((RATIO_UNIT * width) / height)));
}

/**
 * Matches words anywhere in a name, ignoring case and Unicode form; a search with `*` or `?` is a glob. One that is not
 * complete yet, such as `*.{jpg`, is taken as words.
 */
function matcherOf(search: string): (name: string) => boolean {
  if (/[*?]/.test(search) && globFault(search) === undefined) return globMatcher([search]);
  const words = folded(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (name) => {
    const text = folded(name);
    return words.every((word) => text.includes(word));
  };
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function tooMany(): HttpError {
  const message = `There are more than ${MOST_IMAGES} images here. Open a folder, or search.`;
  return new HttpError(413, 'BAD_MESSAGE', message);
}
