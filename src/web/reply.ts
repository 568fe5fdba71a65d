import { STATUS_CODES } from 'node:http';
import { problemOf, type Problem } from './http-error';
import { modified } from './refusals';
import { judge, type Validators } from './conditions';
import type { WebContext } from './options';
import type { Visit } from './visit';

export type Headers = Readonly<Record<string, string | number>>;

/** For our own pages: only our own scripts, nothing from other origins, no framing. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** For content that no browser may run or show in a frame. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'";

/** A 401 must say how to send a token, a page too: RFC 9110, 15.5.2. Browsers don't know this scheme, and show the page. */
export const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="reso"' } as const;

/** Headers of every response. */
export const COMMON_HEADERS: Headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': NO_PAGE,
};

const HEADERS_WITH_TOKENS: Headers = { ...COMMON_HEADERS, Vary: 'Cookie, Authorization' };

export function commonHeaders({ gatekeeper }: WebContext): Record<string, string | number> {
  return { ...(gatekeeper.isOpen ? COMMON_HEADERS : HEADERS_WITH_TOKENS) };
}

/** Lets pages from other origins read the response, if `--cors` allows it. Call this first, so that errors have it too. */
export function openToOthers({ context, headers }: Visit): void {
  if (context.cors === undefined) return;
  headers['Access-Control-Allow-Origin'] = context.cors;
  headers['Access-Control-Expose-Headers'] = 'ETag, Content-Range, Repr-Digest';
  headers['Cross-Origin-Resource-Policy'] = 'cross-origin';
}

/** `headers` replace those that the visit already has; `length` is that of the body, if there may be one. */
export function sendHead(visit: Visit, status: number, headers: Headers, length?: number): void {
  const all: (string | number)[] = [];
  // A list is several times as fast as an object, and as setting one header after the other.
  for (const name in visit.headers) if (!(name in headers)) all.push(name, visit.headers[name]!);
  for (const name in headers) all.push(name, headers[name]!);
  if (length !== undefined) all.push('Content-Length', (visit.sent.length = length));
  visit.response.writeHead(status, all);
}

/** A body larger than this may not fit into the socket's buffer at once. */
const LARGE = 16_384;

export function send(visit: Visit, status: number, headers: Headers, body: string | Buffer = ''): void {
  const { request, response } = visit;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  // A 204 may not have a length: RFC 9110, 8.6.
  sendHead(visit, status, headers, status === 204 ? undefined : bytes.length);
  if (request.method === 'HEAD') response.end();
  // At shutdown, Node cuts off responses that have ended but are not sent completely.
  else if (bytes.length > LARGE) response.write(bytes, () => response.end());
  else response.end(bytes);
}

export function sendPage(visit: Visit, status: number, html: string, headers: Headers = {}): void {
  const type = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAGE_POLICY };
  send(visit, status, { ...type, 'Cache-Control': 'no-store', ...headers }, html);
}

export function sendJson(visit: Visit, value: object, headers: Headers = {}): void {
  const type = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  send(visit, 200, { ...type, ...headers }, `${JSON.stringify(value)}\n`);
}

/** Headers that a 304 repeats, because they replace those in a cache (RFC 9110, 15.4.5). */
const IN_304 = ['ETag', 'Last-Modified', 'Cache-Control', 'Content-Security-Policy'];

/** Answers 304 if the request's conditions call for it. `headers` are those of the full response. Throws 412. */
export function isAnsweredByConditions(visit: Visit, validators: Validators, headers: Headers): boolean {
  const verdict = judge(visit.request.headers, validators);
  if (verdict === 'precondition failed') throw modified();
  if (verdict === 'go on') return false;
  const repeated = Object.entries(headers).filter(([name]) => IN_304.includes(name));
  sendHead(visit, 304, Object.fromEntries(repeated));
  visit.response.end();
  return true;
}

/** Sends an error in the format of RFC 9457. */
export function sendProblem(visit: Visit, error: unknown): void {
  const { headers, ...problem } = problemOf(error);
  const { status } = problem;
  const type = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
  send(visit, status, { ...type, ...headers }, problemBody(problem));
}

export function problemBody({ status, code, detail }: Omit<Problem, 'headers'>): string {
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, code };
  return `${JSON.stringify(problem)}\n`;
}

/** Whether this is a person's browser that expects a page. */
export function wantsPage({ request }: Visit): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}
