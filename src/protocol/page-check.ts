import { createHash } from 'node:crypto';
import type { Page } from './messages';

/**
 * The `check` of a page: SHA-256, hexadecimal, over what was asked for and all the names that came of it. `request` is
 * the payload of LIST, as it was sent or as it has arrived.
 */
export function pageCheck(request: Buffer, { images, next }: Pick<Page, 'images' | 'next'>): string {
  const names = images.map(({ name }) => name);
  if (next !== undefined) names.push(next);
  const hash = createHash('sha256').update(request);
  if (names.length > 0) hash.update(`\0${names.join('\0')}`);
  return hash.digest('hex');
}
