import { describeCause, ProtocolError, ResoError } from '../../errors';
import { escapeForDisplay } from '../../names';

/** The answer was not what the request asked for: cut off, too long, or without what S3 promises. */
export class BrokenAnswer extends Error {}

/** The store sent nothing for too long. */
export class Silence extends Error {
  constructor(milliseconds: number) {
    super(`it sent nothing for ${milliseconds / 1000} s`);
  }
}

/** Errors that S3 answers with, as the SDK throws them. */
interface Answered {
  readonly name?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** `away`: the store can't be used at all. `broken`: this answer was of no use, others may be. */
export type Kind = 'missing' | 'changed' | 'range' | 'refused' | 'throttled' | 'broken' | 'away';

/** These are about the server's credentials, its clock or the bucket, not about one object. */
const OF_STORE: ReadonlySet<string> = new Set([
  'NoSuchBucket',
  'InvalidBucketName',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
  'TokenRefreshRequired',
  'AccountProblem',
  'UserSuspended',
  'QuotaExceeded',
]);
const THROTTLED: ReadonlySet<string> = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
]);

/** What a failed request says: about its object, or about the store. */
export function kindOf(error: unknown): Kind {
  const { status, code } = answered(error);
  if (error instanceof BrokenAnswer) return 'broken';
  if (status === undefined || OF_STORE.has(code)) return 'away';
  if (status === 429 || THROTTLED.has(code)) return 'throttled';
  if (status === 404) return 'missing';
  if (status === 412) return 'changed';
  if (status === 416) return 'range';
  return status >= 400 && status < 500 ? 'refused' : 'broken';
}

/** Whether the same request may succeed in a moment. */
export function mayPass(error: unknown): boolean {
  const { status, code } = answered(error);
  if (error instanceof ResoError) return false;
  // Without an answer: no connection, or it broke. Missing credentials stay missing.
  if (status === undefined)
    return code !== 'CredentialsProviderError' && code !== 'InvalidSignatureException';
  // The SDK learns the store's clock from the first refusal.
  return (
    status >= 500 ||
    status === 429 ||
    THROTTLED.has(code) ||
    code === 'RequestTimeTooSkewed' ||
    code === 'RequestTimeout'
  );
}

/** What clients are told about a request for the image `name`. */
export function imageFailure(name: string, error: unknown): unknown {
  if (error instanceof ResoError) return error;
  const context = { image: name, cause: error };
  switch (kindOf(error)) {
    case 'missing':
      return new ProtocolError('NOT_FOUND', 'The server has no image of this name.', context);
    case 'changed':
      return new ProtocolError('CHANGED', 'The image changed while it was being read.', context);
    case 'range':
    case 'refused':
      return new ProtocolError('UNREADABLE', `The server can't read the image: ${whyNot(error)}.`, context);
    default:
      return storeFailure(error);
  }
}

/** What clients are told if nothing can be read. */
export function storeFailure(error: unknown): unknown {
  if (error instanceof ResoError) return error;
  const isBusy = kindOf(error) === 'throttled';
  const message = isBusy ? 'The server is asked to read less from S3' : "The server can't read from S3";
  return new ProtocolError(isBusy ? 'BUSY' : 'UNAVAILABLE', `${message}: ${whyNot(error)}.`, {
    cause: error,
  });
}

/** What went wrong, in words, for people. What the other side sent is escaped and short. */
export function whyNot(error: unknown): string {
  const { status, code } = answered(error);
  if (status === undefined) return clean(describeCause(error));
  const said = error instanceof Error ? error.message : '';
  const text =
    said === '' || said === code || said === 'UnknownError' ? '' : ` (${said.replace(/\.+$/, '')})`;
  return clean(`it answered ${status} ${code}${text}`);
}

function clean(text: string): string {
  return escapeForDisplay(text.slice(0, 300));
}

function answered(error: unknown): { readonly status: number | undefined; readonly code: string } {
  const { name = '', code, Code, $metadata } = (error ?? {}) as Answered;
  // A list that can't be parsed has the status of success.
  const status = $metadata?.httpStatusCode;
  const isFailure = status !== undefined && status >= 300;
  return {
    status: isFailure ? status : undefined,
    code: (isFailure ? (Code ?? name) : (code ?? name)) || name,
  };
}
