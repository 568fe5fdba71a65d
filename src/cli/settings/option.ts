import { nonEmpty, oneOf, secondsFrom, truth, type Parser } from './parse';

/** One thing that can be set on the command line (`flags`; `[NAME]` is a positional argument) or by a variable. */
export interface Option<T> {
  readonly flags: string;
  readonly help: string;
  readonly parse: Parser<T>;
  readonly fallback: T;
  readonly isSwitch: boolean;
  /** May be given more than once: its value is all that was given. */
  readonly isRepeatable?: boolean;
  /** Heading that help shows it under. */
  readonly group?: string;
  /** Accepted, so that a script can give it to any command, but of no use here: help leaves it out. */
  readonly isHidden?: boolean;
  /** The only values there are. */
  readonly choices?: readonly string[];
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type Values<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Option<infer T> ? T : never;
};

export function isPositional({ flags }: Pick<Option<unknown>, 'flags'>): boolean {
  return flags.startsWith('[');
}

/** What a person calls an option: its long flag, or the name of a positional argument. */
export function nameOf({ flags }: Pick<Option<unknown>, 'flags'>): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags.replace(/[[\]]/g, '');
}

export function value<T>(flags: string, help: string, parse: Parser<T>): Option<T | undefined>;
export function value<T>(flags: string, help: string, parse: Parser<T>, fallback: T): Option<T>;
export function value<T>(flags: string, help: string, parse: Parser<T>, fallback?: T): Option<T | undefined> {
  const text = fallback === undefined ? help : `${help} (default: ${String(fallback)})`;
  return { flags, help: text, parse, fallback, isSwitch: false };
}

export function flag(flags: string, help: string): Option<boolean> {
  return { flags, help, parse: truth, fallback: false, isSwitch: true };
}

export function seconds(
  flags: string,
  help: string,
  [low, high]: readonly [number, number],
  fallback: number,
): Option<number> {
  const text = `${help} (default: ${fallback}s)`;
  return { flags, help: text, parse: secondsFrom(low, high), fallback, isSwitch: false };
}

export function choice<const T extends string, const F extends T | undefined>(
  flags: string,
  help: string,
  choices: readonly T[],
  fallback: F,
): Option<T | F> {
  return { flags, help, parse: oneOf(...choices), fallback, isSwitch: false, choices };
}

/** A variable holds one. */
export function repeatable(flags: string, help: string): Option<readonly string[]> {
  const parse = (text: string) => [nonEmpty(text)];
  const text = `${help}; may be repeated`;
  return { flags, help: text, parse, fallback: [], isSwitch: false, isRepeatable: true };
}

export function grouped<Table extends OptionTable>(group: string, table: Table): Table {
  const entries = Object.entries(table).map(([key, option]) => [key, { ...option, group }]);
  return Object.fromEntries(entries) as Table;
}

export function hidden<T>(option: Option<T>): Option<T> {
  return { ...option, isHidden: true };
}

/** In seconds: the longest time that most options take. */
export const A_DAY = 86_400;

export const interactive = flag('-i, --interactive', 'ask for what is not given, even without a terminal');
