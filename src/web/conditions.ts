import type { IncomingHttpHeaders } from 'node:http';

/** The validators of the requested bytes. */
export interface Validators {
  /** Including quotes; a weak one begins with `W/`. */
  readonly etag: string;
  /** Another one that stands for the same bytes: a client may have got it before the digest was known. */
  readonly earlier?: string | undefined;
  /** Milliseconds since 1970; HTTP dates have whole seconds. */
  readonly modified?: number | undefined;
}

export type Verdict = 'go on' | 'not modified' | 'precondition failed';

/** Evaluates the conditions of a GET or HEAD, in the order of RFC 9110, 13.2.2. */
export function judge(headers: IncomingHttpHeaders, { etag, earlier = etag, modified }: Validators): Verdict {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined) {
    if (!anyMatches(ifMatch, etag, isSameStrong)) return 'precondition failed';
  } else if (isAfter(modified, dateIn(headers['if-unmodified-since']))) return 'precondition failed';
  if (ifNoneMatch !== undefined) {
    const isKnown = [etag, earlier].some((one) => anyMatches(ifNoneMatch, one, isSameWeak));
    return isKnown ? 'not modified' : 'go on';
  }
  const since = dateIn(headers['if-modified-since']);
  return since !== undefined && modified !== undefined && !isAfter(modified, since)
    ? 'not modified'
    : 'go on';
}

/** Whether to apply Range: always without If-Range, otherwise only if that still matches the image. */
export function rangeHolds({ 'if-range': ifRange }: IncomingHttpHeaders, etag: string): boolean {
  // A date proves nothing: an image can change twice within its second (RFC 9110, 13.1.5).
  return ifRange === undefined || isSameStrong(String(ifRange).trim(), etag);
}

function anyMatches(list: string, etag: string, isSame: (one: string, other: string) => boolean): boolean {
  if (list.trim() === '*') return true;
  return (list.match(/(?:W\/)?"[^"]*"/g) ?? []).some((one) => isSame(one, etag));
}

function isSameStrong(one: string, other: string): boolean {
  return one === other && !one.startsWith('W/');
}

function isSameWeak(one: string, other: string): boolean {
  return one.replace(/^W\//, '') === other.replace(/^W\//, '');
}

/** Compares in whole seconds, because HTTP dates have no fractions. */
function isAfter(modified: number | undefined, date: number | undefined): boolean {
  return (
    date !== undefined && modified !== undefined && Math.floor(modified / 1000) > Math.floor(date / 1000)
  );
}

/** The three forms of RFC 9110, 5.6.7; `Date.parse` accepts much more. */
const HTTP_DATE = /^[A-Z][a-z]{2,8},? \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

function dateIn(header = ''): number | undefined {
  if (!HTTP_DATE.test(header) && !ASCTIME.test(header)) return undefined;
  const date = Date.parse(ASCTIME.test(header) ? `${header} GMT` : header);
  return Number.isNaN(date) ? undefined : date;
}

/** The bytes of an image that a request asks for. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * The single range in a Range field. `undefined`: the whole image, also if the field is not understood or has several
 * ranges (RFC 9110, 14.2 allows a server to ignore it). `unsatisfiable`: the range begins after the end.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  // Without optional spaces: `\s*\d*\s*` takes minutes on a long run of spaces that does not match.
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== '' && Number(last) < offset) return undefined;
  if (offset >= size) return 'unsatisfiable';
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  return { offset, length: end - offset };
}
