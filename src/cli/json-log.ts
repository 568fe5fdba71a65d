import pino, { type DestinationStream } from 'pino';
import type { Log, LogFields, LogLevel } from '../index';
import { BATCH, DELAY, GatheredLines } from './gathered-lines';
import { escapeInJson } from './json-line';

export interface JsonLog extends Log {
  /** Writes what was gathered. */
  flush(): void;
}

/** A log of one JSON object a line, on stderr. */
export function jsonLog(least: LogLevel): JsonLog {
  const stderr = pino.destination({ fd: 2, sync: false, minLength: BATCH, periodicFlush: DELAY });
  // A log that nobody takes is no reason to end.
  stderr.on('error', () => undefined);
  const lines = new GatheredLines((text) => void stderr.write(escapeInJson(text)));
  const flush = () => {
    // What came before goes first, so that the rest is too little for the stream to begin to write it by itself.
    flushed(stderr);
    lines.flush();
    flushed(stderr);
  };
  process.once('exit', flush);
  return { ...loggerOn({ write: (line) => lines.add(line) }, least), flush };
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

function flushed(stderr: ReturnType<typeof pino.destination>): void {
  try {
    stderr.flushSync();
  } catch {
    // Nobody takes it, or nothing was to be written.
  }
}
