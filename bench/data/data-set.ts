import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { seededBytes } from './random';

export interface DataSet {
  readonly folder: string;
  readonly names: readonly string[];
  readonly bytes: number;
  /** The digests, in the format of sha256sum -c and `openssl dgst -r`. */
  readonly sums: string;
  remove(): void;
}

const PER_FOLDER = 250;
const CHUNK = 2 ** 20;
const JPEG = Buffer.from('ffd8ffe0', 'hex');

/** Writes images of these sizes, the same bytes in every run. */
export function makeDataSet(place: string, key: string, sizes: readonly number[]): DataSet {
  const root = join(place, `data-${key}`);
  const folder = join(root, 'images');
  const sums = join(root, 'SHA256SUMS');
  const bytes = seededBytes(key);
  const lines: string[] = [];
  const names = sizes.map((size, index) => {
    const name = nameOf(index, sizes.length);
    if (index % PER_FOLDER === 0) mkdirSync(join(folder, name, '..'), { recursive: true });
    lines.push(`${writeImage(join(folder, name), size, bytes)} *${name}\n`);
    return name;
  });
  writeFileSync(sums, lines.join(''));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return { folder, names, bytes: total, sums, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function nameOf(index: number, count: number): string {
  const file = `IMG_${String(index).padStart(6, '0')}.jpg`;
  return count === 1 ? file : `album-${String(Math.floor(index / PER_FOLDER)).padStart(3, '0')}/${file}`;
}

function writeImage(path: string, size: number, bytes: (length: number) => Buffer): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'w');
  for (let at = 0; at < size; at += CHUNK) {
    const chunk = bytes(Math.min(CHUNK, size - at));
    if (at === 0) JPEG.copy(chunk);
    hash.update(chunk);
    writeSync(file, chunk);
  }
  closeSync(file);
  return hash.digest('hex');
}
