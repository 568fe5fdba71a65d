import type { ServeHandle } from '../../index';
import { escapeForDisplay } from '../../names';
import { formatSize } from '../terminal/quantity';

type Survey = Awaited<ReturnType<ServeHandle['survey']>>;

/** Why something is not served, for people: singular and plural. */
const REASONS: Readonly<Record<keyof Survey['leftOut'], readonly [one: string, more: string]>> = {
  symlink: ['symbolic link', 'symbolic links'],
  hidden: ['hidden', 'hidden'],
  special: ['special file', 'special files'],
  notImage: ['file that is not an image', 'files that are not images'],
  badName: ['invalid name', 'invalid names'],
  unreadable: ['unreadable', 'unreadable'],
};

/** Most characters shown of a name. */
const MOST_SHOWN = 80;

/** What a server serves, and what it leaves out. */
export function surveyLine({ images, bytes, leftOut, leftOutNames }: Survey): string {
  const parts = Object.entries(REASONS)
    .map(([key, words]) => [key as keyof typeof REASONS, words] as const)
    .filter(([reason]) => leftOut[reason] > 0)
    .map(([reason, [one, more]]) => {
      const count = leftOut[reason];
      return `${count} ${count === 1 ? one : more}${examples(reason, count, leftOutNames[reason])}`;
    });
  const served = `serving ${images} ${images === 1 ? 'image' : 'images'}, ${formatSize(bytes)}.`;
  return parts.length === 0 ? served : `${served} Left out: ${parts.join(', ')}.`;
}

/** Hidden files are meant to be left out. */
function examples(reason: keyof Survey['leftOut'], count: number, names: readonly string[] = []): string {
  if (reason === 'hidden' || names.length === 0) return '';
  const shown = names.map(shortened).join(', ');
  const hint = reason === 'notImage' ? '; --also serves more' : '';
  return ` (${shown}${count > names.length ? ', …' : ''}${hint})`;
}

function shortened(name: string): string {
  const characters = [...name];
  const text = characters.length > MOST_SHOWN ? `${characters.slice(0, MOST_SHOWN - 1).join('')}…` : name;
  return escapeForDisplay(text);
}
