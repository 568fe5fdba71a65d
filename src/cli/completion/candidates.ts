import { COMMANDS } from '../command-table';
import { isPositional, nameOf, type Option } from '../settings/option';
import type { Given } from '../settings/settings';
import { optionOf, positionAfter, type Position } from './position';

export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** What may stand at the cursor: names on the server, other words, or files or folders, which the shell itself lists. */
export interface Candidates {
  readonly kind: 'names' | 'words' | 'files' | 'folders';
  readonly list: readonly Candidate[];
}

/** Names on the server, or folders of it, that begin with a text. Empty if no server is named, or it does not answer. */
export type NamesLike = (prefix: string, given: Given) => Promise<readonly string[]>;

const FILES: Candidates = { kind: 'files', list: [] };
const FOLDERS: Candidates = { kind: 'folders', list: [] };
const NOTHING: Candidates = { kind: 'words', list: [] };

/** `words`: those between the program and the cursor; `current`: the one at the cursor. */
export async function candidatesFor(
  words: readonly string[],
  current: string,
  namesLike: NamesLike,
): Promise<Candidates> {
  const position = positionAfter(words);
  const { pending, options, given, isPastOptions } = position;
  if (pending) return valuesOf(pending, current, given, namesLike);
  if (isPastOptions || !current.startsWith('-')) return positionalsOf(position, current, namesLike);
  const [flag] = /^--[^=]*(?==)/.exec(current) ?? [];
  if (flag === undefined) return starting(current, flagsOf(position));
  const option = optionOf(options, flag);
  if (!option || option.isSwitch) return NOTHING;
  const { kind, list } = await valuesOf(option, current.slice(flag.length + 1), given, namesLike);
  return { kind, list: list.map(({ value }) => ({ value: `${flag}=${value}` })) };
}

function starting(current: string, candidates: readonly Candidate[]): Candidates {
  return { kind: 'words', list: candidates.filter(({ value }) => value.startsWith(current)) };
}

function flagsOf({ command, options }: Position): Candidate[] {
  const flags = Object.values(options)
    .filter((option) => !isPositional(option) && !option.isHidden)
    .map((option) => ({ value: nameOf(option), about: option.help }));
  const version = { value: '--version', about: 'print the version' };
  return [...flags, { value: '--help', about: 'show help' }, ...(command ? [] : [version])];
}

/** The placeholder in an option's flags says what its value is. */
async function valuesOf(
  { flags, choices }: Option<unknown>,
  current: string,
  given: Given,
  namesLike: NamesLike,
): Promise<Candidates> {
  if (choices) return starting(current, plain(choices));
  if (flags.endsWith('<FILE>')) return FILES;
  if (flags.endsWith('<DIR>')) return FOLDERS;
  return flags.endsWith('<GLOB>') ? names(current, given, namesLike) : NOTHING;
}

async function positionalsOf(
  { command, count, given }: Position,
  current: string,
  namesLike: NamesLike,
): Promise<Candidates> {
  if (!command) return count === 0 ? starting(current, commands()) : NOTHING;
  if (count === 0 && Object.values(command.options).some(isPositional)) return FOLDERS;
  if (!command.names) return NOTHING;
  const { choices } = command.names;
  if (choices) return count === 0 ? starting(current, plain(choices)) : NOTHING;
  return names(current, given, namesLike);
}

async function names(current: string, given: Given, namesLike: NamesLike): Promise<Candidates> {
  return { kind: 'names', list: plain(await namesLike(current, given)) };
}

function commands(): Candidate[] {
  const help = { value: 'help', about: 'show the options of a command' };
  return [...COMMANDS.map(({ name, summary }) => ({ value: name, about: summary })), help];
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value }));
}
