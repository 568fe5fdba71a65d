import type { Log, LogFields, LogLevel } from '../../index';
import type { Terminal } from '../terminal/terminal';
import type * as JsonLog from './json-log';

export interface LogSettings {
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty' | undefined;
  readonly verbose: boolean;
}

/** Where `serve` says what it does. */
export interface ServerLog {
  readonly log: Log;
  /** Something that whoever started it should know. */
  say(level: 'info' | 'warn' | 'error', message: string): void;
  /** Resolves when all is written, or nobody takes it. */
  flush(): Promise<void>;
}

/** Lines for people on a terminal, JSON for programs elsewhere, unless the settings say otherwise. */
export function openServerLog({ logLevel, logFormat, verbose }: LogSettings, terminal: Terminal): ServerLog {
  const least = verbose ? 'debug' : logLevel;
  const isPretty = (logFormat ?? (terminal.stderr.isTerminal ? 'pretty' : 'json')) === 'pretty';
  if (isPretty) {
    const log = lineLog((line) => terminal.say(line), least);
    return { log, say: (_, message) => terminal.say(`reso: ${message}`), flush: () => Promise.resolve() };
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- pino is loaded only where it is used
  const log = (require('./json-log') as typeof JsonLog).jsonLog(least);
  return { log, say: (level, message) => log[level](message), flush: () => log.flush() };
}

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
