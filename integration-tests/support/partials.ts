import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from './wait-until';

/** Sizes in bytes of what lies under `.reso/` in an output folder. */
export async function partialSizes(output: string): Promise<number[]> {
  const work = join(output, '.reso');
  const names = await readdir(work).catch(() => []);
  const parts = names.filter((name) => name.endsWith('.part'));
  // A part may get its final name between the two looks.
  const sizes = await Promise.all(
    parts.map((name) =>
      stat(join(work, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.filter((size) => size > 0);
}

/** Waits for the middle of a delivery: so many bytes have come. Resolves to what has. */
export async function partialOf(output: string, bytes: number): Promise<number> {
  return waitUntil(
    `${bytes} bytes under ${output}/.reso`,
    async () => (await partialSizes(output)).find((size) => size >= bytes),
    { every: 5 },
  );
}
