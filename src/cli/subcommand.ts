import { Argument, Option as CommanderOption, type Command as CommanderCommand } from 'commander';
import type { Command } from './command-table';
import type { Option } from './settings/options';
import { variableOf, type Given } from './settings/settings';

export type Action = (given: Given, names: readonly string[]) => Promise<void>;

/** Tells commander about one of our commands, and calls `action` with what it finds in argv, unparsed. */
export function addSubcommand(program: CommanderCommand, command: Command, action: Action): void {
  const sub = program.command(command.name).summary(command.summary).description(command.help);
  const positional = addPositional(sub, command);
  const keyOf = addOptions(sub, command);
  sub.action(async (...found: unknown[]) => {
    const given = givenIn(sub, keyOf);
    const names = command.names ? (found[positional === undefined ? 0 : 1] as string[]) : [];
    const first = found[0] as string | undefined;
    return action(positional === undefined ? given : { ...given, [positional]: first }, names);
  });
}

/** The key of the option that is a positional argument, if there is one; names come behind it. */
function addPositional(sub: CommanderCommand, { names, options }: Command): string | undefined {
  const [key, option] = Object.entries(options).find(([, option]) => isPositional(option)) ?? [];
  if (key !== undefined && option) sub.addArgument(new Argument(option.flags, helpOf(key, option)));
  if (names) sub.addArgument(new Argument(names.flags, names.help));
  return key;
}

/** Our key for each of commander's. */
function addOptions(sub: CommanderCommand, { options }: Command): Map<string, string> {
  const keyOf = new Map<string, string>();
  for (const [key, option] of Object.entries(options)) {
    if (isPositional(option)) continue;
    const added = new CommanderOption(option.flags, helpOf(key, option));
    if (option.isRepeatable)
      added.argParser<string[]>((text, given) => [...(Array.isArray(given) ? given : []), text]);
    keyOf.set(added.attributeName(), key);
    sub.addOption(added);
  }
  return keyOf;
}

function isPositional({ flags }: Option<unknown>): boolean {
  return flags.startsWith('[');
}

function helpOf(key: string, { help }: Option<unknown>): string {
  return `${help} [${variableOf(key)}]`;
}

/** What the command line says. Commander sets `--no-x` to false, under the name `x`. */
function givenIn(sub: CommanderCommand, keyOf: ReadonlyMap<string, string>): Given {
  const given: Record<string, string | readonly string[] | true> = {};
  for (const [attribute, key] of keyOf) {
    const value = sub.getOptionValue(attribute) as string | readonly string[] | boolean;
    if (sub.getOptionValueSource(attribute) === 'cli') given[key] = value === false ? true : value;
  }
  return given;
}
