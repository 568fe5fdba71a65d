import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNote } from '../../src/client/disk/partial-note';
import { waitUntil } from './wait-until';

/** How many bytes of each partial under `.reso/` in an output folder can be gone on from. */
export async function partialSizes(output: string): Promise<number[]> {
  const work = join(output, '.reso');
  const names = await readdir(work).catch(() => []);
  const parts = names.filter((name) => name.endsWith('.part'));
  // A part may get its final name between two looks.
  const sizes = await Promise.all(parts.map((name) => usableBytes(join(work, name)).catch(() => 0)));
  return sizes.filter((size) => size > 0);
}

/** Of a file with holes the lines of its note say which ranges are there. */
async function usableBytes(part: string): Promise<number> {
  const { size } = await stat(part);
  const note = parseNote(await readFile(part.replace(/part$/, 'json'), 'utf8').catch(() => ''));
  if (!note?.ranges) return size;
  return note.ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Waits for the middle of a delivery: so many bytes have come. Resolves to what has. */
export async function partialOf(output: string, bytes: number): Promise<number> {
  return waitUntil(
    `${bytes} bytes under ${output}/.reso`,
    async () => (await partialSizes(output)).find((size) => size >= bytes),
    { every: 5 },
  );
}
