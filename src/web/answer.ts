import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TlsMaterial } from '../access';
import { ResoError } from '../errors';
import { HttpError, problemOf } from './http-error';
import { isOwnHost } from './hosts';
import type { WebContext } from './options';
import { foreignHostPage, loginPage } from './pages/notices';
import { forbidden, methodNotAllowed, notFound } from './refusals';
import { openToOthers, send, sendPage, sendProblem, setCommonHeaders, wantsPage } from './reply';
import { parseTarget } from './request-path';
import { ROUTES, type Route } from './routes';
import type { Visit } from './visit';
import { admit, visitorOf } from './visitor';

/** Answers one request, whatever is wrong with it, and says so in the log. Never rejects. */
export async function answer(
  context: WebContext,
  request: IncomingMessage,
  response: ServerResponse,
  material: TlsMaterial | undefined,
): Promise<void> {
  const began = performance.now();
  const gone = new AbortController();
  const visitor = visitorOf(request, context.proxies, material);
  const target = { segments: [], query: new URLSearchParams(), host: undefined };
  let visit: Visit = { context, request, response, target, visitor, signal: gone.signal };
  let name: string | undefined = 'none';
  response.on('error', () => undefined);
  response.once('close', () => {
    gone.abort();
    const sent = response.writableFinished;
    report(visit, name ?? 'none', began, sent);
  });
  try {
    setCommonHeaders(visit);
    if (context.isClosing()) response.setHeader('Connection', 'close');
    visit = { ...visit, target: parseTarget(request.url ?? '', context.basePath) };
    const [route, rest] = routeOf(visit);
    name = route.label;
    await run(visit, route, rest);
  } catch (error) {
    fail(visit, error);
  }
}

function routeOf({ target: { segments } }: Visit): [Route, string] {
  const [first = '', ...rest] = segments;
  const route = ROUTES.get(first);
  if (!route || (rest.length > 0 && !route.hasName)) throw notFound();
  return [route, rest.join('/')];
}

async function run(visit: Visit, route: Route, name: string): Promise<void> {
  const { context, request, target } = visit;
  const host = target.host ?? request.headers.host;
  // The page that refuses a host needs its style.
  if (!route.isForAnyHost && !isOwnHost(host, context.hosts)) return refuseHost(visit, host);
  if (route.isForOthers) openToOthers(visit);
  if (request.method === 'OPTIONS') return sendOptions(visit, route);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== route.method) throw methodNotAllowed(methodsOf(route));
  if (!route.needsGrant) return route.run({ ...visit, name });
  const grant = admit(visit.visitor, request, context.gatekeeper);
  if (route.isOneImage && grant.mayRead?.(name) === false) throw forbidden(name);
  return route.run({ ...visit, name, grant });
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
      'Access-Control-Allow-Headers': 'Authorization, Range, If-Match, If-None-Match, If-Range',
      'Access-Control-Max-Age': 86_400,
    }),
  });
}

function refuseHost(visit: Visit, host: string | undefined): void {
  const error = new HttpError(421, 'FORBIDDEN', `This server does not answer to the name '${host}'.`);
  if (wantsPage(visit)) sendPage(visit, 421, foreignHostPage(visit.context, host ?? ''));
  else sendProblem(visit, error);
}

/** Tells the client, as far as that is still possible. */
function fail(visit: Visit, error: unknown): void {
  const { context, request, response } = visit;
  if (problemOf(error).status === 500) context.log.error('unexpected error', { reason: String(error) });
  // The client sees that bytes are missing.
  if (response.headersSent || response.destroyed) return void response.destroy();
  // What is left of a body that nobody reads would be taken for the next request.
  if (!request.complete) response.setHeader('Connection', 'close');
  if (error instanceof ResoError && error.code === 'UNAUTHORIZED') return askForToken(visit, error);
  sendProblem(visit, error);
}

function askForToken(visit: Visit, error: ResoError): void {
  if (wantsPage(visit)) return sendPage(visit, 401, loginPage(visit));
  const headers = { 'WWW-Authenticate': 'Bearer realm="reso"' };
  sendProblem(visit, new HttpError(401, error.code, error.message, { headers }));
}

function report(
  { context, request, response, visitor }: Visit,
  route: string,
  began: number,
  isWhole: boolean,
) {
  const ms = performance.now() - began;
  const bytes = Number(response.getHeader('Content-Length') ?? 0);
  const sent = isWhole && request.method !== 'HEAD' ? bytes : 0;
  context.metrics.answered(route, isWhole ? response.statusCode : 499, ms / 1000, sent);
  const log =
    response.statusCode >= 500 ? context.log.warn : QUIET.has(route) ? context.log.debug : context.log.info;
  log.call(context.log, 'http', {
    method: request.method,
    path: request.url?.split('?')[0],
    status: response.statusCode,
    bytes: sent,
    ms: Math.round(ms),
    peer: visitor.peer,
    outcome: isWhole ? undefined : 'aborted',
  });
}

/** Asked for every few seconds by programs. */
const QUIET = new Set(['healthz', 'readyz', 'metrics']);
