import type { CatalogEntry } from '../../catalog';
import type { Facts } from '../../facts';
import type { AdmittedVisit } from '../visit';

/** An image as listed for programs and pages. */
export type Described = Omit<CatalogEntry, 'mtime'> & { readonly modified: string; readonly facts?: Facts };

/** Waits at most `patience` milliseconds for facts that are not known yet. */
export async function describedImages(
  { context }: AdmittedVisit,
  images: readonly CatalogEntry[],
  patience: number,
): Promise<Described[]> {
  const facts = await context.catalog.facts(images, patience);
  return images.map(({ mtime, ...image }, i) => ({
    ...image,
    modified: new Date(mtime / 1000).toISOString(),
    ...(facts[i] && { facts: facts[i] }),
  }));
}

/** The same by name, from the latest list, without opening any. A deleted image has only its name. */
export async function describedByName(
  visit: AdmittedVisit,
  names: readonly string[],
  patience: number,
): Promise<(Described | { readonly name: string; readonly isGone: true })[]> {
  const listed = await visit.context.catalog.listed(names);
  const there = await describedImages(
    visit,
    listed.filter((image) => image !== undefined),
    patience,
  );
  const byName = new Map(there.map((image) => [image.name, image]));
  return names.map((name) => byName.get(name) ?? { name, isGone: true });
}
