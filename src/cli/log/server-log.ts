import type { Log, LogLevel } from '../../index';
import { lazy } from '../lazy';
import { lineLog } from './line-log';
import type { Terminal } from '../terminal/terminal';

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
  const log = lazy.jsonLog().jsonLog(least);
  return { log, say: (level, message) => log[level](message), flush: () => log.flush() };
}
