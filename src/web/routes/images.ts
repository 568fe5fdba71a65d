import type { OpenImage } from '../../catalog';
import { sendBody } from '../body';
import { parseRange, rangeHolds } from '../conditions';
import { HttpError } from '../http-error';
import { mediaTypeOf } from '../media-types';
import { isAnsweredByConditions, type Headers } from '../reply';
import { scopeOf, type AdmittedVisit } from '../visit';

/** A year: what lies under a digest never changes. */
const FOR_EVER = 'max-age=31536000, immutable';
/** SVG and its like could hold scripts, and come from our own origin. */
const NO_SCRIPTS = "sandbox; default-src 'none'";
/** A digest in a URL may be cut to so many characters. */
const LEAST_DIGEST = 12;

/** Sends an original, or a part of it. */
export async function sendImage(visit: AdmittedVisit): Promise<void> {
  const { context, name } = visit;
  const image = await context.catalog.open(name);
  try {
    await sendOpened(visit, image);
  } finally {
    await image.close();
  }
}

async function sendOpened(visit: AdmittedVisit, image: OpenImage): Promise<void> {
  const { context, request, response } = visit;
  const headers = headersOf(visit, image);
  const validators = { etag: etagOf(image), modified: image.mtime / 1000 };
  if (isAnsweredByConditions(visit, validators, headers)) return;
  // Only GET knows ranges: RFC 9110, 14.2.
  const holds = request.method === 'GET' && rangeHolds(request.headers, validators.etag);
  const wanted = holds && parseRange(request.headers.range, image.size);
  if (wanted === 'unsatisfiable') throw beyondTheEnd(image);
  const range = wanted || { offset: 0, length: image.size };
  const part = wanted && {
    'Content-Range': `bytes ${range.offset}-${range.offset + range.length - 1}/${image.size}`,
  };
  response.writeHead(part ? 206 : 200, { ...headers, ...part, 'Content-Length': range.length });
  if (request.method === 'HEAD') return void response.end();
  const isUnknown = !part && image.sha256 === undefined;
  const sha256 = await sendBody(visit, image, range, isUnknown);
  if (sha256 !== undefined) context.catalog.rememberDigest(image.name, image.version, sha256);
  else if (part && image.sha256 === undefined) findDigest(visit, image);
}

function headersOf(visit: AdmittedVisit, image: OpenImage): Headers {
  const { sha256 } = image;
  const { query } = visit.target;
  return {
    'Content-Type': mediaTypeOf(image.name),
    'Content-Security-Policy': NO_SCRIPTS,
    'Content-Disposition': disposition(image.name, query.has('download')),
    'Accept-Ranges': 'bytes',
    ETag: etagOf(image),
    ...lastModified(image),
    'Cache-Control': `${scopeOf(visit)}, ${isPinned(query.get('v'), sha256) ? FOR_EVER : 'no-cache'}`,
    // Of the whole image, also with a part of it: RFC 9530, 3.
    ...(sha256 !== undefined && {
      'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    }),
  };
}

/** A time that has not come yet would be no validator, and HTTP has no words for years of other than four digits. */
function lastModified({ mtime }: OpenImage): Headers {
  const date = new Date(mtime / 1000);
  return date <= new Date() && date.getUTCFullYear() >= 1000 ? { 'Last-Modified': date.toUTCString() } : {};
}

/** Strong where it is a digest. Two states of an image may have one version on another replica. */
export function etagOf({ sha256, version }: Pick<OpenImage, 'sha256' | 'version'>): string {
  return sha256 === undefined ? `W/"${version}"` : `"sha256-${sha256}"`;
}

/** Whether the URL names the digest that the image has, so that what it stands for never changes. */
export function isPinned(digest: string | null, sha256: string | undefined): boolean {
  return digest !== null && digest.length >= LEAST_DIGEST && sha256?.startsWith(digest) === true;
}

/** RFC 6266, with the name as RFC 8187 has it. */
function disposition(name: string, isDownload: boolean): string {
  const file = encodeURIComponent(name.slice(name.lastIndexOf('/') + 1)).replace(/['()*]/g, percent);
  return `${isDownload ? 'attachment' : 'inline'}; filename*=UTF-8''${file}`;
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function beyondTheEnd({ name, size }: OpenImage): HttpError {
  const headers = { 'Content-Range': `bytes */${size}` };
  return new HttpError(416, 'BAD_RANGE', `The image has only ${size} bytes.`, { image: name, headers });
}

/** The next request gets a strong ETag, and may go on from what came. */
function findDigest({ context }: AdmittedVisit, { name, version }: OpenImage): void {
  const query = { name, version, blockSize: Number.MAX_SAFE_INTEGER, first: 0, count: 0 };
  context.catalog.digests(query).catch(() => undefined);
}
