import type { Api, ImageInfo, TileUrl } from '../api';

/** An image as tiles, of which only the visible ones are loaded. */
export interface Tiles {
  readonly width: number;
  readonly height: number;
  readonly tile: TileUrl;
}

/** Formats that all browsers decode. */
const COMMON = new Set(['jpeg', 'png', 'webp', 'gif', 'avif', 'svg']);
/** Other formats of which the server makes tiles. */
const OTHERS = new Set(['tiff']);
/** Up to this size a browser shows the original faster than tiles of it. */
const LARGE_PIXELS = 16_000_000;
/** Each side of a tile. */
const TILE = 512;

/** Milliseconds to wait before asking again whether the server has prepared an image, and how often. */
const PAUSE = 1000;
const MOST_TRIES = 60;

export function isCommon({ facts }: ImageInfo): boolean {
  return facts === undefined || COMMON.has(facts.format);
}

/** Undefined if the original is better, or if there are none. */
export function tilesOf(api: Api, image: ImageInfo): Tiles | undefined {
  const { format = '', width = 0, height = 0 } = image.facts ?? {};
  const isLarge = width * height > LARGE_PIXELS && COMMON.has(format) && format !== 'svg';
  if (image.isGone || width * height === 0 || !(isLarge || OTHERS.has(format))) return undefined;
  // JPEG takes the server half the time of WebP, but can't be transparent.
  const tile = api.tile(image, format === 'jpeg' ? 'jpeg' : 'webp');
  return tile && { width, height, tile };
}

/**
 * Whether the server sends tiles of this image. It prepares a large one at the first request and answers 503 meanwhile:
 * then `onWait` is called once.
 */
export async function waitForTiles(
  { width, height, tile }: Tiles,
  isWanted: () => boolean,
  onWait: () => void,
): Promise<boolean> {
  const scale = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / TILE)));
  for (let i = 0; i < MOST_TRIES && isWanted(); i++) {
    const answer = await fetch(tile(scale, 0, 0));
    // To its end: then the browser has it when it is drawn.
    await answer.arrayBuffer();
    if (answer.ok) return true;
    if (answer.status !== 503) return false;
    if (i === 0) onWait();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return false;
}
