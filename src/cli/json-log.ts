import pino, { type DestinationStream } from 'pino';
import type { Log, LogFields, LogLevel } from '../index';
import { escapeInJson } from './json-line';

/** Bytes that are gathered into one write, and milliseconds after which they are written in any case. */
const BATCH = 8192;
const DELAY = 100;

export interface JsonLog extends Log {
  /** Writes what was gathered. */
  flush(): void;
}

/** A log of one JSON object a line, on stderr. */
export function jsonLog(least: LogLevel): JsonLog {
  const stderr = pino.destination({ fd: 2, sync: false, minLength: BATCH, periodicFlush: DELAY });
  // A log that nobody takes is no reason to end.
  stderr.on('error', () => undefined);
  return {
    ...loggerOn({ write: (line) => void stderr.write(escapeInJson(line)) }, least),
    flush: () => flush(stderr),
  };
}

/** Also for whoever wants the lines elsewhere. */
export function loggerOn(destination: DestinationStream, least: LogLevel): Log {
  const settings = {
    level: least,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(settings, destination);
  const at =
    (level: Exclude<LogLevel, 'silent'>) =>
    (message: string, fields: LogFields = {}) =>
      logger[level](fields, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function flush(stderr: ReturnType<typeof pino.destination>): void {
  try {
    stderr.flushSync();
  } catch {
    // Nobody takes it, or nothing was to be written.
  }
}
