import { statSync } from 'node:fs';
import { UsageError } from '../../errors';
import { hasImageExtension } from '../../names';

/** Throws USAGE if a folder is expected but `path` looks like an image: nobody means a new folder `img.jpg`. */
export function refuseImage(path: string, option: '--output' | 'DIR'): void {
  if (!hasImageExtension(path) || isFolder(path)) return;
  throw new UsageError(
    `${option} must be a folder, in which each image gets the name that it has on the server, but '${path}' looks like the ` +
      'name of an image. If you mean a new folder, add a / at the end.',
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
