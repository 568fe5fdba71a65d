import { createHash } from 'node:crypto';
import type { ImageEntry, Page } from './messages';

/**
 * The `check` of a page: SHA-256, hexadecimal, over what was asked for and what came of it. `request` is the payload of
 * LIST, as it was sent or as it has arrived.
 */
export function pageCheck(request: Buffer, page: Page): string {
  const { generation, unchanged, images, next } = page;
  const texts = [generation, unchanged ? 'unchanged' : '', ...images.flatMap(textsOf), next ?? ''];
  return createHash('sha256')
    .update(request)
    .update(`\0${texts.join('\0')}`)
    .digest('hex');
}

function textsOf({ name, size, mtime, version, sha256, unsettled }: ImageEntry): (string | number)[] {
  return [name, size, mtime, version, sha256 ?? '', unsettled ? 'unsettled' : ''];
}
