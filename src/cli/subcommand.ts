import { Argument, Option as CommanderOption, type Command as CommanderCommand } from 'commander';
import type { Command } from './command-table';
import { isPositional, nameOf, type Option, type OptionTable } from './settings/option';
import type { Given } from './settings/settings';

export type Action = (given: Given, names: readonly string[]) => Promise<void>;

/** Tells commander about one of our commands, and calls `action` with what it finds in argv, unparsed. */
export function addSubcommand(program: CommanderCommand, command: Command, action: Action): void {
  const sub = program.command(command.name).helpGroup(command.group);
  sub.summary(command.summary).description(command.help);
  const positional = addPositional(sub, command);
  const keyOf = addOptions(sub, command.options);
  addHelp(sub, command);
  sub.action(async (...found: unknown[]) => {
    const given = givenTo(sub, keyOf);
    const names = command.names ? (found[positional === undefined ? 0 : 1] as string[]) : [];
    const first = found[0] as string | undefined;
    return action(positional === undefined ? given : { ...given, [positional]: first }, names);
  });
}

/** The key of the option that is a positional argument, if there is one; names come after it. */
function addPositional(sub: CommanderCommand, { names, options }: Command): string | undefined {
  const [key, option] = Object.entries(options).find(([, option]) => isPositional(option)) ?? [];
  if (option) sub.addArgument(new Argument(option.flags, option.help));
  if (names) sub.addArgument(new Argument(names.flags, names.help));
  return key;
}

/** Our key for each of commander's. */
export function addOptions(
  to: CommanderCommand,
  options: OptionTable,
  areHidden = false,
): ReadonlyMap<string, string> {
  const keyOf = new Map<string, string>();
  for (const [key, option] of Object.entries(options)) {
    if (isPositional(option)) continue;
    const added = asCommanderOption(option);
    if (areHidden) added.hideHelp();
    keyOf.set(added.attributeName(), key);
    to.addOption(added);
  }
  return keyOf;
}

function asCommanderOption({ flags, help, group, isHidden, isRepeatable }: Option<unknown>): CommanderOption {
  const option = new CommanderOption(flags, help).hideHelp(isHidden ?? false);
  if (group !== undefined) option.helpGroup(group);
  if (isRepeatable)
    option.argParser<string[]>((text, given) => [...(Array.isArray(given) ? given : []), text]);
  return option;
}

/** What the command line says. Commander sets `--no-x` to false, under the name `x`. */
export function givenTo(command: CommanderCommand, keyOf: ReadonlyMap<string, string>): Given {
  const given: Record<string, string | readonly string[] | true> = {};
  for (const [attribute, key] of keyOf) {
    const value = command.getOptionValue(attribute) as string | readonly string[] | boolean;
    if (command.getOptionValueSource(attribute) === 'cli') given[key] = value === false ? true : value;
  }
  return given;
}

function addHelp(sub: CommanderCommand, { options, examples }: Command): void {
  const all = Object.values(options);
  const isTaken = all.some(({ flags }) => flags.startsWith('-h,'));
  const help = new CommanderOption(isTaken ? '--help' : '-h, --help', 'show this help');
  const group = all.at(-1)?.group;
  sub.addHelpOption(group === undefined ? help : help.helpGroup(group));
  sub.addHelpText('after', () => {
    const lines = examples.map(({ does, line }) => `  # ${does}\n  ${line}\n`);
    return `\nExamples:\n${lines.join('')}${all.length > 0 ? `\n${variables(all)}` : ''}`;
  });
}

/** One line for all: an option's variable follows from its name. */
function variables(options: readonly Option<unknown>[]): string {
  const example = options.findLast(({ flags, isHidden }) => /--[a-z]+-/.test(flags) && !isHidden)!;
  const variable = `RESO_${nameOf(example).slice(2).replaceAll('-', '_').toUpperCase()}`;
  return (
    'Every option can be set by an environment variable: RESO_ and its name, such as\n' +
    `${variable} for ${nameOf(example)}. An option overrides its variable.`
  );
}
