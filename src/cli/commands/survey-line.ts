import type { LogFields, ServeHandle } from '../../index';
import { escapeForDisplay } from '../../names';
import { formatSize } from '../terminal/quantity';

type Survey = Awaited<ReturnType<ServeHandle['survey']>>;

/** How a server is reached, and by whom. */
export interface Offer {
  /** Absolute path. */
  readonly folder: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly tls: boolean;
  readonly access: Access;
}

export type Access = 'open' | 'tokens' | 'certificates' | 'tokens and certificates';

const TO_WHOM: Readonly<Record<Access, string>> = {
  open: 'open to everyone',
  tokens: 'for clients with a token',
  certificates: 'for clients with a certificate',
  'tokens and certificates': 'for clients with a token and a certificate',
};

/** Why something is not served, for people: of one, and of more than one. */
const REASONS: Readonly<Record<keyof Survey['leftOut'], readonly [one: string, more: string]>> = {
  symlink: ['symbolic link', 'symbolic links'],
  hidden: ['hidden', 'hidden'],
  special: ['neither file nor folder', 'neither file nor folder'],
  notImage: ['file that is not an image', 'files that are not images'],
  badName: ['with a name that cannot be served', 'with names that cannot be served'],
  unreadable: ['unreadable', 'unreadable'],
};

/** Most characters shown of a name. */
const MOST_SHOWN = 80;

/** What a server serves and what it leaves out, where, and to whom. */
export function surveyLine(survey: Survey, { folder, port, tls, access }: Offer): string {
  const { images, bytes } = survey;
  const from = `from ${escapeForDisplay(folder)}`;
  const how = `on port ${port}, ${tls ? 'TLS' : 'no TLS'}, ${TO_WHOM[access]}`;
  if (images === 0)
    return `serving 0 images ${from} ${how}: there are none in this folder. Images put there are served without a restart.${leftOutText(survey)}`;
  const count = `${images} ${images === 1 ? 'image' : 'images'}`;
  return `serving ${count} (${formatSize(bytes)}) ${from} ${how}.${leftOutText(survey)}`;
}

/** The same for programs. */
export function surveyFields({ images, bytes, leftOut }: Survey, offer: Offer): LogFields {
  return { ...offer, images, bytes, leftOut: { ...leftOut } };
}

function leftOutText({ leftOut, leftOutNames }: Survey): string {
  const parts = Object.entries(REASONS)
    .map(([key, words]) => [key as keyof typeof REASONS, words] as const)
    .filter(([reason]) => leftOut[reason] > 0)
    .map(([reason, [one, more]]) => {
      const count = leftOut[reason];
      return `${count} ${count === 1 ? one : more}${examples(reason, count, leftOutNames[reason])}`;
    });
  return parts.length === 0 ? '' : ` Left out: ${parts.join(', ')}.`;
}

/** Hidden files are left out on purpose: their names say nothing. */
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
