import { createHash } from 'node:crypto';
import { STYLE } from './pages/style';
import { notFound } from './refusals';
import { send } from './reply';
import type { Visit } from './visit';

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

const style = Buffer.from(STYLE);
/** The name changes with what is in it, so that a browser may keep it for ever. */
export const STYLE_NAME = `page-${createHash('sha256').update(style).digest('hex').slice(0, 12)}.css`;

const ASSETS: ReadonlyMap<string, Asset> = new Map([
  [STYLE_NAME, { type: 'text/css; charset=utf-8', bytes: style }],
]);

export function sendAsset(visit: Visit & { readonly name: string }): void {
  const asset = ASSETS.get(visit.name);
  if (!asset) throw notFound();
  const headers = { 'Content-Type': asset.type, 'Cache-Control': 'public, max-age=31536000, immutable' };
  send(visit, 200, headers, asset.bytes);
}
