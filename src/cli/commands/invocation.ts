import type { Asides } from '../log/asides';
import type { ExitCode } from '../results/exit-code';
import type { Environment } from '../settings/settings';
import type { Terminal } from '../terminal/terminal';

/** One invocation of a command. */
export interface Invocation<Settings> {
  readonly settings: Settings;
  /** Positional arguments: names or globs. */
  readonly names: readonly string[];
  /** The command was called without arguments. */
  readonly isBare: boolean;
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly asides: Asides;
  /** Aborted when the person, or the system, wants the program to end. */
  readonly signal: AbortSignal;
}

export type CommandRun<Settings> = (invocation: Invocation<Settings>) => Promise<ExitCode>;

/** Whether to ask for whatever is not given. */
export function isSession({ settings, isBare, terminal }: Invocation<{ interactive: boolean }>): boolean {
  return settings.interactive || (isBare && terminal.stdout.isTerminal && process.stdin.isTTY === true);
}
