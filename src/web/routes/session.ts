import type { IncomingMessage } from 'node:http';
import { COOKIE_AGE, sessionCookie, tokenDigest } from '../../access';
import { ResoError } from '../../errors';
import { HttpError } from '../http-error';
import { loginPage } from '../pages/notices';
import { badRequest } from '../refusals';
import { CHALLENGE, send, sendPage } from '../reply';
import type { Visit } from '../visit';
import { cookieName, cookieOf } from '../visitor';

const MAX_FORM = 8192;

export function showLogin(visit: Visit): void {
  sendPage(visit, 200, loginPage(visit));
}

/** Accepts a token from the login page and sets a cookie for it. */
export async function startSession(visit: Visit): Promise<void> {
  const { context, request, visitor } = visit;
  refuseForeignForm(request);
  const { gatekeeper, attempts } = context;
  attempts.check(visitor.address);
  const form = await readForm(request);
  // Other attempts may have failed while this form was arriving.
  attempts.check(visitor.address);
  const token = (form.get('token') ?? '').trim();
  const to = safeTarget(form.get('to'), context.basePath);
  try {
    gatekeeper.admit({ ...visitor, token: tokenDigest(token) });
  } catch (error) {
    if (!(error instanceof ResoError)) throw error;
    attempts.failed(visitor.address);
    return sendPage(visit, 401, loginPage(visit, { to, message: error.message }), CHALLENGE);
  }
  const line = gatekeeper.tokens?.find((one) => one.token === token);
  const cookie = line && cookieHeader(visit, sessionCookie(line), COOKIE_AGE);
  send(visit, 303, { Location: to, 'Cache-Control': 'no-store', ...(cookie && { 'Set-Cookie': cookie }) });
}

export function endSession(visit: Visit): void {
  refuseForeignForm(visit.request);
  // Browsers send it only with our own forms: SameSite. Without it, another site might be logging the visitor out.
  const isOurs = cookieOf(visit.visitor, visit.request) !== undefined;
  const headers = isOurs && { 'Set-Cookie': cookieHeader(visit, '', 0), 'Clear-Site-Data': '"cache"' };
  send(visit, 303, { Location: `${visit.context.basePath}/`, 'Cache-Control': 'no-store', ...headers });
}

function cookieHeader(visit: Visit, value: string, age: number): string {
  const secure = visit.visitor.scheme === 'https' ? '; Secure' : '';
  return `${cookieName(visit.visitor, visit.request)}=${value}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`;
}

/** Otherwise another site could log people in with a token of its own. Browsers send the field over https and to localhost. */
function refuseForeignForm({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new HttpError(403, 'FORBIDDEN', 'Forms from other websites are not accepted.');
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? ''))
    throw new HttpError(415, 'BAD_MESSAGE', 'Send a form: application/x-www-form-urlencoded.');
  if (Number(request.headers['content-length'] ?? 0) > MAX_FORM) throw tooLong();
  const parts: Buffer[] = [];
  let length = 0;
  // A client that sends too much still gets a response.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_FORM) throw tooLong();
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString());
}

function tooLong(): HttpError {
  return new HttpError(413, 'BAD_MESSAGE', 'The form is too long.');
}

/** Only a path on this server, encoded as in a request: a login must not redirect to another website. */
function safeTarget(to: string | null, basePath: string): string {
  const path = to ?? '';
  if (/[^\x21-\x7e]|\\/.test(path)) throw badRequest('The form does not name a page on this server.');
  return path.startsWith('/') && !path.startsWith('//') ? path : `${basePath}/`;
}
