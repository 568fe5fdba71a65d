import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Gallery } from '../load/gallery';
import { sha256Of } from '../load/visitor';

/** Images in `output` under their final names: how many there are, and which are damaged. */
export function lookAt(output: string, gallery: Gallery): { count: number; broken: string[] } {
  if (!existsSync(output)) return { count: 0, broken: [] };
  const names = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(output.length + 1))
    .filter((name) => !name.startsWith('.reso/'));
  return {
    count: names.length,
    broken: names.filter((name) => sha256Of(join(output, name)) !== gallery.get(name)),
  };
}
