import { commandNamed, type COMMANDS } from '../command-table';
import { isPositional, type Option, type OptionTable } from '../settings/option';
import { CLIENT_OPTIONS } from '../settings/options';
import type { Given } from '../settings/settings';

/** Where the cursor is: what the words before it say. */
export interface Position {
  /** Undefined: the command itself is to come. */
  readonly command: (typeof COMMANDS)[number] | undefined;
  /** What may be given here. */
  readonly options: OptionTable;
  /** The option whose value is to come. */
  readonly pending: Option<unknown> | undefined;
  /** Positional arguments so far. */
  readonly count: number;
  /** Whether `--` came: then nothing is an option any more. */
  readonly isPastOptions: boolean;
  /** Options so far, by key. */
  readonly given: Given;
}

/** Follows `words`, which end before the word at the cursor. */
export function positionAfter(words: readonly string[]): Position {
  let position: Position = {
    command: undefined,
    options: CLIENT_OPTIONS,
    pending: undefined,
    count: 0,
    isPastOptions: false,
    given: {},
  };
  for (const word of words) position = { ...position, ...step(position, word) };
  return position;
}

function step(position: Position, word: string): Partial<Position> {
  const { command, pending, count, isPastOptions } = position;
  if (pending) return { pending: undefined, given: withValue(position, pending, word) };
  if (!isPastOptions && word === '--') return { isPastOptions: true };
  if (!isPastOptions && word.length > 1 && word.startsWith('-')) return option(position, word);
  if (command) return { count: count + 1 };
  if (word === 'help') return {}; // a command follows
  const found = commandNamed(word);
  return found ? { command: found, options: found.options } : { count: count + 1 };
}

function option(position: Position, word: string): Partial<Position> {
  const equals = word.indexOf('=');
  if (word.startsWith('--')) {
    const found = optionOf(position.options, equals === -1 ? word : word.slice(0, equals));
    if (!found || found.isSwitch) return {};
    return equals === -1 ? { pending: found } : { given: withValue(position, found, word.slice(equals + 1)) };
  }
  for (let i = 1; i < word.length; i++) {
    const found = optionOf(position.options, `-${word[i]}`);
    if (!found || found.isSwitch) continue;
    const value = word.slice(i + 1);
    return value === '' ? { pending: found } : { given: withValue(position, found, value) };
  }
  return {};
}

/** The option with this flag, short or long. */
export function optionOf(options: OptionTable, flag: string): Option<unknown> | undefined {
  return Object.values(options).find(
    (option) => !isPositional(option) && option.flags.split(/[ ,]+/).includes(flag),
  );
}

function withValue({ options, given }: Position, option: Option<unknown>, value: string): Given {
  const key = Object.keys(options).find((key) => options[key]!.flags === option.flags);
  return key === undefined ? given : { ...given, [key]: value };
}
