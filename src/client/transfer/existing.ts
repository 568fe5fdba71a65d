import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { describeCause, LocalError } from '../../errors';
import type { ImageState } from '../../protocol';
import { askProof, askState } from '../net/ask';
import type { Pool } from '../net/pool';
import { hashFile } from '../disk/hash-file';

/** Whether the file at `path` is the image that the server has now, by size and SHA-256; its state if so. */
export async function findIdentical(
  pool: Pool,
  name: string,
  path: string,
  found: Stats,
  known: ImageState | undefined,
): Promise<ImageState | undefined> {
  // Whether the size is another is asked first: for a digest the server may have to read the image.
  const { size } = known ?? (await askState(pool, name));
  if (!found.isFile() || found.size !== size) return undefined;
  const proof = await askProof(pool, { name });
  if (!found.isFile() || found.size !== proof.size) return undefined;
  return (await hashLocal(path, name)) === proof.sha256 ? proof : undefined;
}

/** Throws DISK. */
export async function hashLocal(path: string, image: string): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return await hashFile(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new LocalError('DISK', `The file that is there already can't be read: ${describeCause(cause)}.`, {
      cause,
      image,
    });
  }
}
