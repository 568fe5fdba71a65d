import { ResoError, type ErrorCode, type ErrorContext } from '../errors';

/** An error whose HTTP status does not follow from its code. */
export class HttpError extends ResoError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: ErrorCode,
    message: string,
    context: ErrorContext & { headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(code, message, context);
    this.status = status;
    this.headers = context.headers ?? {};
  }
}

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  BAD_MESSAGE: 400,
  BAD_NAME: 404,
  BAD_RANGE: 416,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  UNREADABLE: 503,
  UNAVAILABLE: 503,
  CHANGED: 503,
  BUSY: 503,
  CLOSING: 503,
  // Its client has left, or the server is shutting down.
  CANCELLED: 503,
  TIMEOUT: 504,
  UNSUPPORTED: 501,
  NOT_RENDERABLE: 422,
  RENDER_FAILED: 422,
  ABORTED: 499,
};

/** Seconds after which a retry makes sense. */
const RETRY_AFTER = '1';

/** The error as sent to the client, in the format of RFC 9457. Unexpected errors are sent without details. */
export interface Problem {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function problemOf(error: unknown): Problem {
  const status =
    error instanceof HttpError ? error.status : error instanceof ResoError ? STATUS[error.code] : undefined;
  if (status === undefined)
    return { status: 500, code: 'INTERNAL', detail: 'Something went wrong on the server.', headers: {} };
  const { code, message } = error as ResoError;
  const headers = error instanceof HttpError ? error.headers : {};
  return {
    status,
    code,
    detail: message,
    headers: status === 503 ? { 'Retry-After': RETRY_AFTER, ...headers } : headers,
  };
}
