import type { Log, LogFields, LogLevel } from '../../index';
import type { Output } from '../terminal/output';
import type { Terminal } from '../terminal/terminal';
import type * as JsonLog from './json-log';
import { prettyLog } from './pretty-log';

export interface LogSettings {
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'pretty' | undefined;
  readonly verbose: boolean;
}

/** Where `serve` says what it does. */
export interface ServerLog {
  readonly log: Log;
  /** A sentence for whoever started it; `fields` say the same to programs. */
  say(level: 'info' | 'warn' | 'error', sentence: string, fields?: LogFields): void;
  /** Resolves when everything is written, or when nobody reads it. */
  flush(): Promise<void>;
}

/** Lines for people on a terminal, JSON for programs elsewhere, unless the settings say otherwise. */
export function openServerLog({ logLevel, logFormat, verbose }: LogSettings, terminal: Terminal): ServerLog {
  const least = verbose ? 'debug' : logLevel;
  const { stderr } = terminal;
  if ((logFormat ?? (stderr.isTerminal ? 'pretty' : 'json')) === 'pretty') {
    const log = prettyLog((line) => void stderr.write(`${line}\n`), { least, isColored: takesColor(stderr) });
    return { log, say: (level, sentence) => log[level](sentence), flush: () => Promise.resolve() };
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- pino is loaded only where it is used
  const log = (require('./json-log') as typeof JsonLog).jsonLog(least);
  return { log, say: (level, sentence, fields) => log[level](sentence, fields), flush: () => log.flush() };
}

/** Node heeds NO_COLOR and TERM=dumb here. */
function takesColor(stderr: Output): boolean {
  return stderr.isTerminal && process.stderr.hasColors();
}
