import { createHash } from 'node:crypto';
import type { Page } from './messages';

/**
 * The `check` of a page: SHA-256, hexadecimal, over the request and its answer. `request` is the payload of LIST as it was
 * sent or received.
 */
export function pageCheck(request: Buffer, page: Page): string {
  const { generation, unchanged, images, next } = page;
  let text = `\0${generation}\0${unchanged ? 'unchanged' : ''}`;
  for (const { name, size, mtime, version, sha256, unsettled } of images) {
    text += `\0${name}\0${size}\0${mtime}\0${version}\0${sha256 ?? ''}\0${unsettled ? 'unsettled' : ''}`;
  }
  text += `\0${next ?? ''}`;
  return createHash('sha256').update(request).update(text).digest('hex');
}
