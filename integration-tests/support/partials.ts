import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Of stripes that were written ahead the note says up to where there are no holes, in its last line. */
async function usableBytes(part: string): Promise<number> {
  const { size } = await stat(part);
  const note = await readFile(part.replace(/part$/, 'json'), 'utf8').catch(() => '');
  const [, whole] = /\n([0-9]+)\n$/.exec(note) ?? [];
  return whole === undefined ? size : Number(whole);
}

/** Waits for the middle of a delivery: so many bytes have come. Resolves to what has. */
export async function partialOf(output: string, bytes: number): Promise<number> {
  return waitUntil(
    `${bytes} bytes under ${output}/.reso`,
    async () => (await partialSizes(output)).find((size) => size >= bytes),
    { every: 5 },
  );
}
