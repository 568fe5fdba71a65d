import { setTimeout as sleep } from 'node:timers/promises';
import pino, { type DestinationStream } from 'pino';
import type { Log, LogFields, LogLevel } from '../../index';
import { escapeInJson } from '../terminal/json-line';

/** Lines are written together: once there are this many characters, or this many milliseconds after the first. */
const BATCH = 8192;
const DELAY = 50;
/** Characters that may wait to be written. What comes beyond that is lost. */
const MOST_WAITING = 16 * 1_048_576;
/** Milliseconds that the end of the program waits for somebody to read the rest. */
const PATIENCE = 1000;

export interface JsonLog extends Log {
  /** Resolves when everything is written, or when nobody reads it. */
  flush(): Promise<void>;
}

/** A log of one JSON object a line, on stderr. */
export function jsonLog(least: LogLevel): JsonLog {
  const buffering = { minLength: BATCH, periodicFlush: DELAY, maxLength: MOST_WAITING };
  const stderr = pino.destination({ fd: 2, sync: false, ...buffering });
  // The server goes on if nobody reads its log. It ends normally even if the disk has no room for the log.
  let isTaken = true;
  stderr.on('error', () => (isTaken = false));
  stderr.on('write', () => (isTaken = true));
  const flushSync = stderr.flushSync.bind(stderr);
  // Pino calls this at exit, too. If nobody reads the log, it would try for ever.
  stderr.flushSync = () => void (isTaken && flushSync());
  const lines = new GatheredLines((text) => void stderr.write(escapeInJson(text)));
  const flush = async () => {
    lines.flush();
    const isFlushed = new Promise<void>((resolve) => stderr.flush(() => resolve()));
    const late = sleep(PATIENCE, 'late', { ref: false });
    if ((await Promise.race([isFlushed, late])) === 'late') isTaken = false;
  };
  process.once('exit', () => {
    // Older lines go first. The rest is then too short for the stream to start writing it by itself.
    flushed(stderr);
    lines.flush();
    flushed(stderr);
  });
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

/** Gathers lines: handing them to a stream one by one costs more than making them. */
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

  /** Hands on what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#write(lines);
  }
}
