import type { ErrorCode, LocalCode, WireCode } from './codes';

export interface ErrorContext {
  /** What caused this error. */
  cause?: unknown;
  /** Name of the image that failed. */
  image?: string;
  /** `host:port` of the other side. */
  address?: string;
}

/** Base class of all errors that reso raises on purpose. `code` is stable; `message` is for people. */
export class ResoError extends Error {
  readonly code: ErrorCode;
  readonly image: string | undefined;
  readonly address: string | undefined;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, 'cause' in context ? { cause: context.cause } : undefined);
    this.name = new.target.name;
    this.code = code;
    this.image = context.image;
    this.address = context.address;
  }
}

/** The other side broke the protocol, or asked for something that is not granted. */
export class ProtocolError extends ResoError {
  declare readonly code: WireCode;

  constructor(code: WireCode, message: string, context: ErrorContext = {}) {
    super(code, message, context);
  }
}

/** The server answered a request with ERROR. */
export class RemoteError extends ResoError {
  declare readonly code: WireCode;
  /** Milliseconds after which the server suggests trying again, if it does. */
  readonly retryAfter: number | undefined;

  constructor(code: WireCode, message: string, context: ErrorContext & { retryAfter?: number } = {}) {
    super(code, message, context);
    this.retryAfter = context.retryAfter;
  }
}

/** No connection, no trusted connection, or one that ended or went silent before its work was done. */
export class ConnectionError extends ResoError {
  /** Most retries that make sense, if each of them is likely to fail the same way. */
  readonly mostRetries: number;

  constructor(
    code: 'UNREACHABLE' | 'UNTRUSTED' | 'INSECURE' | 'DISCONNECTED' | 'TIMEOUT',
    message: string,
    context: ErrorContext & { mostRetries?: number | undefined } = {},
  ) {
    super(code, message, context);
    this.mostRetries = context.mostRetries ?? Infinity;
  }
}

/** Something on a disk of this machine, or missing from it. */
export class LocalError extends ResoError {
  declare readonly code: LocalCode;

  constructor(code: Exclude<LocalCode, 'USAGE'>, message: string, context: ErrorContext = {}) {
    super(code, message, context);
  }
}

/** Invalid arguments or options. */
export class UsageError extends ResoError {
  constructor(message: string, context: ErrorContext = {}) {
    super('USAGE', message, context);
  }
}
