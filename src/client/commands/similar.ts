import { editDistance, escapeGlob, foldName, globFault } from '../../names';
import type { Lister } from '../plan/select';

/** Pages, and names, that are looked at in one search: a server with a million images must not hold anybody up. */
const MOST_PAGES = 4;
const MOST_NAMES = 2000;
/** Characters above which a name is not compared with others: that takes as long as the product of their lengths. */
const LONG = 255;
/** Names that are given. */
const MOST_SIMILAR = 3;

/** The parts of a name. */
interface Parts {
  /** The folder with a `/` behind it; empty for the root. */
  readonly folder: string;
  /** The last component. */
  readonly base: string;
  /** That without its extension. */
  readonly stem: string;
}

/** How far a name is from the missing one: what has the lowest rank is meant, the nearest first; undefined: it isn't. */
type Rank = (candidate: string) => number | undefined;

/**
 * Names on the server that somebody may have meant by `missing`, which it lacks; the nearest first. Typing errors are
 * looked for only where there is no image of the same name in another case, Unicode form, format or folder.
 */
export async function similarNames(lister: Lister, missing: string): Promise<readonly string[]> {
  const parts = partsOf(missing);
  if (parts.stem === '') return [];
  const kin = await search(lister, kinGlobs(parts), missing, kinRank(missing, parts));
  return kin.length > 0 ? kin : search(lister, typoGlobs(parts), missing, typoRank(parts));
}

function partsOf(name: string): Parts {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  const base = name.slice(folder.length);
  const dot = base.lastIndexOf('.');
  return { folder, base, stem: dot > 0 ? base.slice(0, dot) : base };
}

async function search(
  lister: Lister,
  globs: readonly string[],
  missing: string,
  rankOf: Rank,
): Promise<readonly string[]> {
  const asked = globs.filter((glob) => globFault(glob) === undefined);
  if (asked.length === 0) return [];
  const found: { name: string; rank: number; distance: number }[] = [];
  let pages = 0;
  let names = 0;
  for await (const { images } of lister.pages(asked)) {
    for (const { name } of images) {
      const rank = name === missing ? undefined : rankOf(name);
      if (rank !== undefined) found.push({ name, rank, distance: distanceOf(name, missing) });
    }
    names += images.length;
    if (++pages === MOST_PAGES || names >= MOST_NAMES) break;
  }
  found.sort((one, other) => one.rank - other.rank || one.distance - other.distance);
  const nearest = found.filter(({ rank }) => rank === found[0]!.rank);
  return nearest.slice(0, MOST_SIMILAR).map(({ name }) => name);
}

/** The same stem in any folder, case, Unicode form and format. */
function kinGlobs({ base, stem }: Parts): readonly string[] {
  const stems = bothForms(stem).map(inAnyCase);
  // What was given without an extension may be a name that has none.
  const endings = base === stem ? ['', '.*'] : ['.*'];
  return stems.flatMap((one) => endings.map((ending) => `**/${one}${ending}`));
}

function kinRank(missing: string, parts: Parts): Rank {
  const folded = foldName(missing);
  const [folder, base, stem] = [parts.folder, parts.base, parts.stem].map(foldName);
  return (candidate) => {
    if (foldName(candidate) === folded) return 0;
    const other = partsOf(candidate);
    if (foldName(other.stem) !== stem) return undefined;
    if (foldName(other.folder) === folder) return 1;
    return foldName(other.base) === base ? 2 : 3;
  };
}

/** Names in the same folder that have a part of the stem: each error leaves all parts but one alone, a swap all but two. */
function typoGlobs({ folder, stem }: Parts): readonly string[] {
  const most = mostErrors(stem);
  if (most === 0) return [];
  const characters = [...stem];
  const length = Math.max(1, Math.floor(characters.length / (most + 2)));
  const globs: string[] = [];
  for (let at = 0; at < characters.length; at += length) {
    const part = escapeGlob(characters.slice(at, at + length).join(''));
    globs.push(`${escapeGlob(folder)}${at > 0 ? '*' : ''}${part}*`);
  }
  return globs;
}

/** Other digits are no error: `IMG_0002.jpg` is another image than `IMG_0001.jpg`. */
function typoRank({ base, stem }: Parts): Rank {
  const most = mostErrors(stem);
  const [folded, digits] = [foldName(base), digitsIn(stem)];
  return (candidate) => {
    const other = partsOf(candidate);
    if (Math.abs(other.base.length - base.length) > most || digitsIn(other.stem) !== digits) return undefined;
    return editDistance(foldName(other.base), folded) <= most ? 0 : undefined;
  };
}

/** In a short name nearly every other one would be near. */
function mostErrors({ length }: string): number {
  if (length < 3) return 0;
  return length < 6 ? 1 : 2;
}

/** Numbers, without leading zeros. */
function digitsIn(text: string): string {
  return (text.match(/[0-9]+/g) ?? []).map((number) => number.replace(/^0+/, '')).join(' ');
}

function distanceOf(name: string, missing: string): number {
  return Math.max(name.length, missing.length) > LONG ? LONG : editDistance(name, missing);
}

/** macOS types composed characters, and many of its files have decomposed ones. */
function bothForms(text: string): readonly string[] {
  return [...new Set([text, text.normalize('NFC'), text.normalize('NFD')])];
}

/** A glob for `text` with each letter small or capital. */
function inAnyCase(text: string): string {
  return [...text]
    .map((character) => {
      const [small, capital] = [character.toLowerCase(), character.toUpperCase()];
      const isLetter = small !== capital && [...small].length === 1 && [...capital].length === 1;
      return isLetter ? `[${small}${capital}]` : escapeGlob(character);
    })
    .join('');
}
