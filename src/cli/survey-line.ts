import type { ServeHandle } from '../index';
import { formatSize } from './quantity';

type Survey = Awaited<ReturnType<ServeHandle['survey']>>;

/** Why something is not served, for people: of one, and of more than one. */
const REASONS: Readonly<Record<keyof Survey['leftOut'], readonly [one: string, more: string]>> = {
  symlink: ['symbolic link', 'symbolic links'],
  hidden: ['hidden', 'hidden'],
  special: ['neither file nor folder', 'neither file nor folder'],
  notImage: ['file that is no image', 'files that are no images'],
  badName: ['with a name that cannot be served', 'with names that cannot be served'],
  unreadable: ['unreadable', 'unreadable'],
};

/** What a server serves, and what it leaves out. */
export function surveyLine({ images, bytes, leftOut }: Survey): string {
  const parts = Object.entries(REASONS)
    .map(([reason, words]) => [leftOut[reason as keyof typeof REASONS], words] as const)
    .filter(([count]) => count > 0)
    .map(([count, [one, more]]) => `${count} ${count === 1 ? one : more}`);
  const served = `serving ${images} ${images === 1 ? 'image' : 'images'}, ${formatSize(bytes)}.`;
  return parts.length === 0 ? served : `${served} Left out: ${parts.join(', ')}.`;
}
