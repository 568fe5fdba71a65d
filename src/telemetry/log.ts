export type LogFields = Readonly<Record<string, LogValue>>;
export type LogValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, number>> | undefined;

/** How much is logged: each level includes those after it. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A program's log. `fields` may contain data from the other side: escape it before showing it. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const nothing = () => undefined;

export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
