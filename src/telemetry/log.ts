export type LogFields = Readonly<Record<string, string | number | undefined>>;

/** Where a program says what it does. `fields` may hold what came from the other side: escape it before showing it. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
