import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seededBytes } from '../../bench/data/random';

/** Images to serve: each name with the SHA-256 that all copies must have. */
export type Gallery = ReadonlyMap<string, string>;

/** Writes images of these sizes in bytes, the same in every run. */
export function hang(folder: string, sizes: Readonly<Record<string, number>>): Gallery {
  const gallery = new Map<string, string>();
  for (const [name, size] of Object.entries(sizes)) {
    const bytes = seededBytes(name)(size);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
    gallery.set(name, createHash('sha256').update(bytes).digest('hex'));
  }
  return gallery;
}
