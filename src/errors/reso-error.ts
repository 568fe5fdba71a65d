import type { ErrorCode, LocalCode, WireCode } from './codes';

export interface ErrorContext {
  /** What led to this error. */
  cause?: unknown;
  /** Name of the image at hand. */
  image?: string;
  /** `host:port` of the other side. */
  address?: string;
}

/** Base of all errors that reso raises on purpose. `code` is stable; `message` is for people. */
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

/** The other side broke the protocol, or asked for what this side does not grant. */
export class ProtocolError extends ResoError {
  declare readonly code: WireCode;

  constructor(code: WireCode, message: string, context: ErrorContext = {}) {
    super(code, message, context);
  }
}

/** The server answered a request with ERROR. */
export class RemoteError extends ResoError {
  declare readonly code: WireCode;
  /** Milliseconds after which the server suggests another try, if it does. */
  readonly retryAfter: number | undefined;

  constructor(code: WireCode, message: string, context: ErrorContext & { retryAfter?: number } = {}) {
    super(code, message, context);
    this.retryAfter = context.retryAfter;
  }
}

/** No connection, none that can be trusted, or one that ended or fell silent before its work was done. */
export class ConnectionError extends ResoError {
  /** How often another try makes sense at most, where the same is to be expected of each. */
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

/** What lies, or should lie, on a disk of this machine. */
export class LocalError extends ResoError {
  declare readonly code: LocalCode;

  constructor(code: Exclude<LocalCode, 'USAGE'>, message: string, context: ErrorContext = {}) {
    super(code, message, context);
  }
}

/** The caller asked for something that makes no sense. */
export class UsageError extends ResoError {
  constructor(message: string, context: ErrorContext = {}) {
    super('USAGE', message, context);
  }
}
