import type { IncomingMessage } from 'node:http';
import type { OpenImage } from '../../catalog';
import { sendBody } from '../body';
import { parseRange, rangeHolds } from '../conditions';
import { HttpError } from '../http-error';
import { mediaTypeOf } from '../media-types';
import { isAnsweredByConditions, sendHead, type Headers } from '../reply';
import { scopeOf, type AdmittedVisit } from '../visit';

/** A year: the content for a digest never changes. */
const FOR_EVER = 'max-age=31536000, immutable';
/** SVG and similar formats can contain scripts, and come from our own origin. */
const NO_SCRIPTS = "sandbox; default-src 'none'";
/** A digest in a URL may be shortened to this many characters. */
const LEAST_DIGEST = 12;

/** Sends an original, or part of it. */
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
  const { name, version, size, mtime } = image;
  const sha256 =
    image.sha256 ?? (namesDigest(request) ? await digestOf(visit, image, visit.departure.signal) : undefined);
  const state = { name, version, size, mtime, sha256 };
  const headers = headersOf(visit, state);
  const validators = { etag: etagOf(state), earlier: etagOf({ version }), modified: mtime / 1000 };
  if (isAnsweredByConditions(visit, validators, headers)) return;
  // Ranges apply to GET only: RFC 9110, 14.2.
  const holds = request.method === 'GET' && rangeHolds(request.headers, validators.etag);
  const wanted = holds && parseRange(request.headers.range, size);
  if (wanted === 'unsatisfiable') throw beyondTheEnd(state);
  const range = wanted || { offset: 0, length: size };
  const part = wanted && {
    'Content-Range': `bytes ${range.offset}-${range.offset + range.length - 1}/${size}`,
  };
  sendHead(visit, part ? 206 : 200, { ...headers, ...part }, range.length);
  if (request.method === 'HEAD') return void response.end();
  const isUnknown = !part && sha256 === undefined;
  const found = await sendBody(visit, image, range, isUnknown);
  if (found !== undefined) context.catalog.rememberDigest(name, version, found);
  // The next request gets a strong ETag, and can resume from what has arrived.
  else if (part && sha256 === undefined) digestOf(visit, image).catch(() => undefined);
}

type ImageState = Pick<OpenImage, 'name' | 'version' | 'size' | 'mtime' | 'sha256'>;

/** Whether a condition depends on the digest. If-Range counts only with Range, and Range only in a GET: RFC 9110, 13.1.5, 14.2. */
function namesDigest({ method, headers }: IncomingMessage): boolean {
  const { 'if-match': ifMatch, 'if-range': ifRange, range } = headers;
  const conditions = [ifMatch, method === 'GET' && range !== undefined ? ifRange : undefined];
  return conditions.some((field) => field?.includes('"sha256-'));
}

function headersOf(visit: AdmittedVisit, image: ImageState): Headers {
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
    // Always of the whole image, also for a range: RFC 9530, 3.
    ...(sha256 !== undefined && {
      'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
    }),
  };
}

/** A time in the future is no validator, and HTTP dates have four-digit years only. */
function lastModified({ mtime }: ImageState): Headers {
  const date = new Date(mtime / 1000);
  return date <= new Date() && date.getUTCFullYear() >= 1000 ? { 'Last-Modified': date.toUTCString() } : {};
}

/** Strong if it is the digest. On another replica, a version may stand for other bytes. */
export function etagOf({
  sha256,
  version,
}: Pick<OpenImage, 'version'> & { sha256?: string | undefined }): string {
  return sha256 === undefined ? `W/"${version}"` : `"sha256-${sha256}"`;
}

/** Whether the URL contains the image's current digest, so that its content never changes. */
export function isPinned(digest: string | null, sha256: string | undefined): boolean {
  return digest !== null && digest.length >= LEAST_DIGEST && sha256?.startsWith(digest) === true;
}

/** RFC 6266, with the name encoded by RFC 8187. */
function disposition(name: string, isDownload: boolean): string {
  const file = encodeURIComponent(name.slice(name.lastIndexOf('/') + 1)).replace(/['()*]/g, percent);
  return `${isDownload ? 'attachment' : 'inline'}; filename*=UTF-8''${file}`;
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function beyondTheEnd({ name, size }: ImageState): HttpError {
  const headers = { 'Content-Range': `bytes */${size}` };
  return new HttpError(416, 'BAD_RANGE', `The image has only ${size} bytes.`, { image: name, headers });
}

/** Resolves when it is known. With a signal, hashing stops when that fires and nobody else waits for it. */
export async function digestOf(
  { context }: AdmittedVisit,
  { name, version }: Pick<OpenImage, 'name' | 'version'>,
  signal?: AbortSignal,
): Promise<string> {
  const query = { name, version, blockSize: Number.MAX_SAFE_INTEGER, first: 0, count: 0, signal };
  return (await context.catalog.digests(query)).sha256;
}
