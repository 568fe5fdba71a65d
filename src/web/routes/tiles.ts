import { ProtocolError, ResoError } from '../../errors';
import type { Part } from '../../rendering';
import { badRequest } from '../refusals';
import type { AdmittedVisit } from '../visit';
import { sendRendered } from './renditions';

/** Each side of a tile, except at the right and lower edge. */
const SIDE = 512;
const FORMATS = ['webp', 'jpeg'] as const;
/** Milliseconds to wait for the size of the image. */
const PATIENCE = 2000;

/**
 * Sends a tile: `?s=8&x=2&y=0&f=webp`, and `&v=` as for a rendition. `s`: how many times smaller than the image, a power of
 * two; `x` and `y`: column and row.
 */
export function sendTile(visit: AdmittedVisit): Promise<void> {
  const { query } = visit.target;
  const [scale, column, row] = [numberIn(query, 's', '1'), numberIn(query, 'x'), numberIn(query, 'y')];
  const format = formatIn(query);
  if (scale < 1 || !Number.isInteger(Math.log2(scale))) throw badRequest('s must be a power of two.');
  return sendRendered(
    visit,
    `t${scale}-${column}-${row}-${format}`,
    async (renderer, image, request, options) => {
      const [facts] = await visit.context.catalog.facts([image], PATIENCE);
      const { width, height } = facts ?? {};
      if (!facts)
        throw new ResoError('BUSY', 'The size of the image is not known yet: try again in a moment.');
      if (width === undefined || height === undefined)
        throw new ResoError('NOT_RENDERABLE', 'The size of this image is unknown.');
      const part = { ...tileOf({ width, height }, scale, column, row), format };
      return renderer.part(request, part, options);
    },
  );
}

/** Throws NOT_FOUND if the image has no such tile. */
function tileOf(source: Part['source'], scale: number, column: number, row: number): Omit<Part, 'format'> {
  const [left, top] = [column * SIDE * scale, row * SIDE * scale];
  // Where the image is a single pixel, there is nothing smaller.
  const isTooSmall = scale > 1 && scale >= 2 * Math.max(source.width, source.height);
  if (left >= source.width || top >= source.height || isTooSmall)
    throw new ProtocolError('NOT_FOUND', 'The image has no such tile.');
  const width = Math.min(SIDE * scale, source.width - left);
  const height = Math.min(SIDE * scale, source.height - top);
  const size = { width: Math.ceil(width / scale), height: Math.ceil(height / scale) };
  return { source, region: { left, top, width, height }, ...size };
}

function numberIn(query: URLSearchParams, key: string, otherwise = ''): number {
  const text = query.get(key) ?? otherwise;
  if (!/^[0-9]{1,6}$/.test(text)) throw badRequest(`${key} must be a whole number.`);
  return Number(text);
}

function formatIn(query: URLSearchParams): Part['format'] {
  const text = query.get('f') ?? 'webp';
  const format = FORMATS.find((one) => one === text);
  if (format === undefined) throw badRequest(`f must be one of ${FORMATS.join(', ')}.`);
  return format;
}
