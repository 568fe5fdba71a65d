import type { OpenImage } from '../../catalog';
import { ProtocolError } from '../../errors';
import { badRequest } from '../refusals';
import { isAnsweredByConditions, send } from '../reply';
import { FORMATS, WIDTHS, type ThumbnailRecipe } from '../thumbnails';
import { scopeOf, type AdmittedVisit } from '../visit';
import { isPinned } from './images';

const FOR_EVER = 'max-age=31536000, immutable';

/** Sends a smaller image of an image: `?w=320&f=webp`, and `&v=` with the begin of its digest. */
export async function sendRendition(visit: AdmittedVisit): Promise<void> {
  const { context, name, target, signal } = visit;
  const { thumbnails } = context;
  if (!thumbnails)
    throw new ProtocolError('UNSUPPORTED', 'This server makes no renditions.', { image: name });
  const [width, format] = [widthIn(target.query), formatIn(target.query)];
  const image = await context.catalog.open(name);
  try {
    const recipe = { width, format, sha256: image.sha256 ?? (await digestOf(visit, image)) };
    const headers = headersOf(visit, recipe);
    if (isAnsweredByConditions(visit, { etag: headers.ETag }, headers)) return;
    const { bytes, type } = await thumbnails.render(image, recipe, signal);
    send(visit, 200, { ...headers, 'Content-Type': type }, bytes);
  } finally {
    await image.close();
  }
}

function headersOf(visit: AdmittedVisit, { sha256, width, format }: ThumbnailRecipe) {
  const isForEver = isPinned(visit.target.query.get('v'), sha256);
  return {
    // Weak: another machine may make other bytes of the same image.
    ETag: `W/"${sha256.slice(0, 32)}-${width}-${format}"`,
    'Cache-Control': `${scopeOf(visit)}, ${isForEver ? FOR_EVER : 'no-cache'}`,
  };
}

function widthIn(query: URLSearchParams): (typeof WIDTHS)[number] {
  const text = query.get('w');
  const width = WIDTHS.find((one) => String(one) === text);
  if (width === undefined) throw badRequest(`w must be one of ${WIDTHS.join(', ')}.`);
  return width;
}

function formatIn(query: URLSearchParams): (typeof FORMATS)[number] {
  const text = query.get('f') ?? 'webp';
  const format = FORMATS.find((one) => one === text);
  if (format === undefined) throw badRequest(`f must be one of ${FORMATS.join(', ')}.`);
  return format;
}

async function digestOf({ context, signal }: AdmittedVisit, { name, version }: OpenImage): Promise<string> {
  const query = { name, version, blockSize: Number.MAX_SAFE_INTEGER, first: 0, count: 0, signal };
  return (await context.catalog.digests(query)).sha256;
}
