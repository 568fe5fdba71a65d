import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant, TlsMaterial } from '../access';
import { ResoError } from '../errors';
import { HttpError, problemOf } from './http-error';
import { isOwnHost } from './hosts';
import type { WebContext } from './options';
import { foreignHostPage, loginPage } from './pages/notices';
import { badRequest, crowded, forbidden, methodNotAllowed, notFound, unmetExpectation } from './refusals';
import { CHALLENGE, commonHeaders, openToOthers, send, sendPage, sendProblem, wantsPage } from './reply';
import { NOWHERE, parseTarget } from './request-path';
import { ROUTES, type Route } from './routes';
import { admitted, Departure, type Visit } from './visit';
import { admit, visitorOf } from './visitor';

/** Properties of a request's connection. */
export interface Arrival {
  /** The server's current certificate and the authorities of clients, if the connection is encrypted. */
  material(): TlsMaterial | undefined;
  /** It exceeds a limit and only gets a refusal. */
  readonly isCrowded: boolean;
}

/** Answers and logs one request, whatever is wrong with it. Never rejects. */
export async function answer(
  context: WebContext,
  request: IncomingMessage,
  response: ServerResponse,
  { material, isCrowded }: Arrival,
): Promise<void> {
  const began = performance.now();
  const visitor = visitorOf(request, context.proxies, material());
  const departure = new Departure();
  const sent = { length: 0, bytes: 0 };
  const headers = commonHeaders(context);
  const visit: Visit = { context, request, response, target: NOWHERE, visitor, departure, headers, sent };
  let label = 'none';
  response.on('error', () => undefined);
  response.once('close', () => {
    if (!response.writableFinished) departure.leave();
    report(visit, label, began);
  });
  try {
    if (context.isDraining() || isCrowded || hasStrayBody(request)) headers['Connection'] = 'close';
    if (isCrowded) throw crowded();
    refuseOdd(request);
    if (request.method === 'OPTIONS' && request.url === '*') return sendOptionsOfAll(visit);
    visit.target = parseTarget(request.url ?? '', context.basePath);
    const host = visit.target.host ?? request.headers.host;
    if (!isOwnHost(host, context.hosts) && !isForAnyHost(visit)) return refuseHost(visit, host);
    const [route, name] = routeOf(visit);
    label = route.labels?.get(name) ?? route.label;
    await run(visit, route, name, () => admit(request, context, material()));
  } catch (error) {
    fail(visit, error);
  }
}

/** Whether there is a body that nobody reads: its bytes must not be taken for the next request. */
function hasStrayBody({ method, headers }: IncomingMessage): boolean {
  const length = headers['content-length'] ?? '0';
  return method !== 'POST' && (headers['transfer-encoding'] !== undefined || length !== '0');
}

/** Throws 400, 417. */
function refuseOdd({ headers, rawHeaders, httpVersion }: IncomingMessage): void {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (/^host$/i.test(rawHeaders[i]!)) hosts++;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1'))
    throw badRequest(`The request has ${hosts === 0 ? 'no' : 'more than one'} Host field.`);
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
    throw unmetExpectation();
}

/** The page that refuses a host name still needs its style sheet. */
function isForAnyHost({ target: { segments } }: Visit): boolean {
  return ROUTES.get(segments[0] ?? '')?.isForAnyHost === true;
}

function routeOf({ target: { segments } }: Visit): [Route, string] {
  const [first = '', ...rest] = segments;
  const route = ROUTES.get(first);
  if (!route || (rest.length > 0 && !route.hasName)) throw notFound();
  return [route, rest.join('/')];
}

async function run(visit: Visit, route: Route, name: string, admitNow: () => Grant): Promise<void> {
  const { request } = visit;
  if (route.isForOthers) openToOthers(visit);
  if (request.method === 'OPTIONS') return sendOptions(visit, route);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== route.method) throw methodNotAllowed(methodsOf(route));
  if (!route.needsGrant) return route.run(visit, name);
  const grant = admitNow();
  if (route.isOneImage && grant.mayRead?.(name) === false) throw forbidden(name);
  return route.run(admitted(visit, name, grant, admitNow));
}

/** What pages from other origins may send, besides what they always may. */
const ALLOWED_HEADERS = [
  'Authorization',
  'Range',
  'If-Match',
  'If-None-Match',
  'If-Range',
  'If-Modified-Since',
  'If-Unmodified-Since',
].join(', ');

function sendOptionsOfAll(visit: Visit): void {
  send(visit, 204, { Allow: 'GET, HEAD, POST, OPTIONS' });
}

function methodsOf({ method }: Route): string[] {
  return method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : [method, 'OPTIONS'];
}

function sendOptions(visit: Visit, route: Route): void {
  const methods = methodsOf(route).join(', ');
  const isOpen = route.isForOthers && visit.context.cors !== undefined;
  send(visit, 204, {
    Allow: methods,
    ...(isOpen && {
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': 86_400,
    }),
  });
}

function refuseHost(visit: Visit, host: string | undefined): void {
  const error = new HttpError(421, 'FORBIDDEN', `This server does not answer to the name '${host}'.`);
  if (wantsPage(visit)) sendPage(visit, 421, foreignHostPage(visit.context, host ?? ''));
  else sendProblem(visit, error);
}

/** Sends the error, if that is still possible. */
function fail(visit: Visit, error: unknown): void {
  const { context, request, response } = visit;
  if (problemOf(error).status === 500) context.log.error('unexpected error', { reason: String(error) });
  // The client notices that bytes are missing.
  if (response.headersSent || response.destroyed) return void response.destroy();
  // With another certificate, a browser needs another connection.
  if (visit.visitor.certificate.kind === 'foreign') visit.headers['Connection'] = 'close';
  // The rest of an unread body would be taken for the next request.
  if (!request.complete) visit.headers['Connection'] = 'close';
  if (error instanceof ResoError && error.code === 'UNAUTHORIZED') return askForToken(visit, error);
  sendProblem(visit, error);
}

function askForToken(visit: Visit, error: ResoError): void {
  if (wantsPage(visit)) return sendPage(visit, 401, loginPage(visit), CHALLENGE);
  sendProblem(visit, new HttpError(401, error.code, error.message, { headers: CHALLENGE }));
}

function report({ context, request, response, visitor, sent }: Visit, route: string, began: number) {
  const ms = performance.now() - began;
  const isWhole = response.writableFinished;
  const bytes = isWhole && request.method !== 'HEAD' ? sent.length : sent.bytes;
  context.metrics.answered(route, isWhole ? response.statusCode : 499, ms / 1000, bytes);
  const log =
    response.statusCode >= 500 ? context.log.warn : QUIET.has(route) ? context.log.debug : context.log.info;
  log.call(context.log, 'http', {
    method: request.method,
    path: shownPath(request.url ?? ''),
    status: response.statusCode,
    bytes,
    ms: Math.round(ms),
    peer: visitor.peer,
    outcome: isWhole ? undefined : 'aborted',
  });
}

const MOST_SHOWN = 512;

/** Without possible secrets: the query, and user information before a host. */
function shownPath(url: string): string {
  const own = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  const query = own.indexOf('?');
  const path = query === -1 ? own : own.slice(0, query);
  return path.length > MOST_SHOWN ? `${path.slice(0, MOST_SHOWN)}…` : path;
}

/** Routes that programs, and open pages, request again and again. */
const QUIET = new Set(['healthz', 'readyz', 'metrics', 'changes']);
