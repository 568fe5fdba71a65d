import type { LockedState } from '../plan/select';
import type { Stats } from 'node:fs';
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
  return (await hashFile(path, name, EXISTING)) === proof.sha256 ? proof : undefined;
}

/** Whether the file at `path` is in the state that a lock names; no server is asked. */
export async function isInState(
  path: string,
  name: string,
  found: Stats,
  { size, sha256 }: LockedState,
): Promise<boolean> {
  return found.isFile() && found.size === size && (await hashFile(path, name, EXISTING)) === sha256;
}

const EXISTING = { what: 'The file that is there already' };
