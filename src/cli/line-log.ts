import type { Log, LogFields } from '../index';

/** A log as lines of `key=value`, which people and programs can read. Without `verbose` only what is out of order. */
export function lineLog(write: (line: string) => void, verbose: boolean): Log {
  const at = (level: string) => (message: string, fields?: LogFields) =>
    write(`${new Date().toISOString()} ${level} ${message}${formatFields(fields)}`);
  return { info: verbose ? at('info') : () => undefined, warn: at('warn'), error: at('error') };
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
