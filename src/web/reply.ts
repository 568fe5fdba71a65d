import { STATUS_CODES } from 'node:http';
import { problemOf } from './http-error';
import { judge, type Validators } from './conditions';
import type { Visit } from './visit';

export type Headers = Readonly<Record<string, string | number>>;

/** A page of ours: no script but ours, nothing from elsewhere, in no frame. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** For what no browser should run or show in a frame. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'";

/** Headers that every answer has. */
export function setCommonHeaders({ context, response }: Visit): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Content-Security-Policy', NO_PAGE);
  if (!context.gatekeeper.isOpen) response.setHeader('Vary', 'Cookie, Authorization');
}

/** Opens an answer to pages of other origins, as far as `--cors` says. To be called before anything can fail. */
export function openToOthers({ context, response }: Visit): void {
  if (context.cors === undefined) return;
  response.setHeader('Access-Control-Allow-Origin', context.cors);
  response.setHeader('Access-Control-Expose-Headers', 'ETag, Link, Content-Range, Repr-Digest');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}

export function send(visit: Visit, status: number, headers: Headers, body: string | Buffer = ''): void {
  const { request, response } = visit;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

export function sendPage(visit: Visit, status: number, html: string, headers: Headers = {}): void {
  const type = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': PAGE_POLICY };
  send(visit, status, { ...type, 'Cache-Control': 'no-store', ...headers }, html);
}

export function sendJson(visit: Visit, value: object, headers: Headers = {}): void {
  const type = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  send(visit, 200, { ...type, ...headers }, `${JSON.stringify(value)}\n`);
}

/** Answers 304 or 412 where the conditions of the request say so. `headers` are those of the whole answer. */
export function isAnsweredByConditions(visit: Visit, validators: Validators, headers: Headers): boolean {
  const verdict = judge(visit.request.headers, validators);
  if (verdict === 'go on') return false;
  visit.response.writeHead(verdict === 'not modified' ? 304 : 412, {
    ...headers,
    ...(verdict === 'precondition failed' && { 'Content-Length': 0 }),
  });
  visit.response.end();
  return true;
}

/** Tells of an error: RFC 9457. */
export function sendProblem(visit: Visit, error: unknown): void {
  const { status, code, detail, headers } = problemOf(error);
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status, detail, code };
  const type = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
  send(visit, status, { ...type, ...headers }, `${JSON.stringify(problem)}\n`);
}

/** Whether somebody sits before a browser and waits for a page. */
export function wantsPage({ request }: Visit): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}
