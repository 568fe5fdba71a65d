import { setTimeout as sleep } from 'node:timers/promises';
import pino, { type DestinationStream } from 'pino';
import type { Log, LogFields, LogLevel } from '../../index';
import { escapeInJson } from '../terminal/json-line';

/** Characters that are handed on together, and milliseconds after which they are in any case. */
const BATCH = 8192;
const DELAY = 50;
/** Characters that may wait for whoever takes them; what comes then is lost. */
const MOST_WAITING = 16 * 1_048_576;
/** Milliseconds for which the end waits for somebody to take what is left. */
const PATIENCE = 1000;

export interface JsonLog extends Log {
  /** Resolves when what was gathered is written, or nobody takes it. */
  flush(): Promise<void>;
}

/** A log of one JSON object a line, on stderr. */
export function jsonLog(least: LogLevel): JsonLog {
  const buffering = { minLength: BATCH, periodicFlush: DELAY, maxLength: MOST_WAITING };
  const stderr = pino.destination({ fd: 2, sync: false, ...buffering });
  // A log that nobody takes is no reason to end, and one that its disk has no room for is none not to.
  let isTaken = true;
  stderr.on('error', () => (isTaken = false));
  stderr.on('write', () => (isTaken = true));
  const flushSync = stderr.flushSync.bind(stderr);
  // At exit, also by pino itself: where nobody takes it, it would be tried for ever.
  stderr.flushSync = () => void (isTaken && flushSync());
  const lines = new GatheredLines((text) => void stderr.write(escapeInJson(text)));
  const flush = async () => {
    lines.flush();
    const isFlushed = new Promise<void>((resolve) => stderr.flush(() => resolve()));
    const late = sleep(PATIENCE, 'late', { ref: false });
    if ((await Promise.race([isFlushed, late])) === 'late') isTaken = false;
  };
  process.once('exit', () => {
    // What came before goes first, so that the rest is too little for the stream to begin to write it by itself.
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

/** Gathers lines: to hand them to a stream one by one costs more than to make them. */
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
