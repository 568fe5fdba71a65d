import type { Log, LogFields, LogLevel } from '../../index';

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** A log as lines of `key=value`, which people and programs can read. */
export function lineLog(write: (line: string) => void, least: LogLevel): Log {
  const at = (level: Exclude<LogLevel, 'silent'>) => {
    if (ORDER.indexOf(level) < ORDER.indexOf(least)) return () => undefined;
    return (message: string, fields?: LogFields) =>
      write(`${new Date().toISOString()} ${level} ${message}${formatFields(fields)}`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function formatFields(fields: LogFields = {}): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${quote(String(value))}`)
    .join('');
}

function quote(text: string): string {
  return /^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text);
}
