import { setTimeout as sleep } from 'node:timers/promises';
import pino, { type DestinationStream } from 'pino';
import type { Log, LogFields, LogLevel } from '../../index';
import { escapeInJson } from '../terminal/json-line';

/** Lines are written together: once there are this many characters, or this many milliseconds after the first. */
const BATCH = 8192;
const DELAY = 50;
/** Characters that may wait to be written. Lines beyond that are lost. */
const MOST_WAITING = 16 * 1_048_576;
/** Milliseconds that the program waits at its end for somebody to read the rest. */
const PATIENCE = 1000;

export interface JsonLog extends Log {
  /** Resolves when everything is written, or when nobody reads it. */
  flush(): Promise<void>;
}

/** A log of one JSON object per line, on stderr. */
export function jsonLog(least: LogLevel): JsonLog {
  const buffering = { minLength: BATCH, periodicFlush: DELAY, maxLength: MOST_WAITING };
  const stderr = pino.destination({ fd: 2, sync: false, ...buffering });
  // The server keeps running if nobody reads its log, and ends normally even if the disk is too full for the log.
  let isTaken = true;
  stderr.on('error', () => (isTaken = false));
  stderr.on('write', () => (isTaken = true));
  const flushSync = stderr.flushSync.bind(stderr);
  // Pino calls this at exit, too. It would try forever if nobody reads the log.
  stderr.flushSync = () => void (isTaken && flushSync());
  const lines = new GatheredLines((text) => void stderr.write(escapeInJson(text)));
  const flush = async () => {
    lines.flush();
    const isFlushed = new Promise<void>((resolve) => stderr.flush(() => resolve()));
    const late = sleep(PATIENCE, 'late', { ref: false });
    if ((await Promise.race([isFlushed, late])) === 'late') isTaken = false;
  };
  process.once('exit', () => {
    // Older lines go first. The rest is then too short for the stream to start writing by itself.
    flushed(stderr);
    lines.flush();
    flushed(stderr);
  });
  return { ...loggerOn({ write: (line) => lines.add(line) }, least), flush };
}

/** The same lines, written elsewhere. */
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
    // Nobody reads it, or there was nothing to write.
  }
}

/** Gathers lines: passing them to a stream one by one costs more than making them. */
export class GatheredLines {
  readonly #write: (lines: string) => void;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  add(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), DELAY).unref();
  }

  /** Passes on the gathered lines. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#write(lines);
  }
}
