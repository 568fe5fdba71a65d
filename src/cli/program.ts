import { existsSync } from 'node:fs';
import { Command as CommanderCommand, CommanderError } from 'commander';
import { UsageError } from '../errors';
import type * as Library from '../index';
import { commandNamed, COMMANDS, DESCRIPTION, OTHER, type Command } from './command-table';
import { interruptSignal } from './commands/interrupt';
import type { CommandRun } from './commands/invocation';
import type * as Completion from './completion/complete';
import { LOAD } from './load-command';
import type { Asides } from './log/asides';
import type * as OtherPrograms from './other-programs';
import type * as Refusals from './refusals';
import { EXIT, type ExitCode } from './results/exit-code';
import { isPositional, nameOf, type OptionTable } from './settings/option';
import { CLIENT_OPTIONS } from './settings/options';
import { isS3 } from './settings/parse';
import type { ServerAddress } from './settings/server-address';
import { ownVariables, resolveSettings, type Environment, type Given } from './settings/settings';
import { separateServer } from './settings/url-names';
import { addOptions, addSubcommand, givenTo } from './subcommand';
import type { Terminal } from './terminal/terminal';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used, so that a command starts quickly */

/** The world that the program runs in. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly asides: Asides;
}

/** Runs the command that `argv` names. Throws USAGE. */
export async function runProgram(world: World): Promise<ExitCode> {
  if (world.argv[0] === '__complete') return complete(world);
  refuseHelpOnNothing(world);
  let exitCode: ExitCode = EXIT.done;
  const program = newProgram(world);
  const keyOf = addLeadingOptions(program, world);
  for (const command of commandsFor(world)) {
    addSubcommand(program, command, async (given, names) => {
      const before = givenBefore(command, givenTo(program, keyOf));
      exitCode = await runCommand(command, { ...before, ...given }, names, world);
    });
  }
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return exitCodeOfParsing(error, program, world);
  }
}

/** What the scripts of `reso completion` call. */
function complete({ argv: [, ...words], env, terminal }: World): Promise<ExitCode> {
  const completion = require('./completion/complete') as typeof Completion;
  return completion.complete(words, env, terminal);
}

/** The options that may stand before the command, where anything does. */
function addLeadingOptions(program: CommanderCommand, { argv: [first] }: World): ReadonlyMap<string, string> {
  if (!first?.startsWith('-')) return new Map();
  return addOptions(program.enablePositionalOptions(), CLIENT_OPTIONS, true);
}

/** The command that is named, or all. Describing all of them to commander takes as long as running one. */
function commandsFor({ argv: [name] }: World): typeof COMMANDS {
  const named = commandNamed(name);
  return named ? [named] : COMMANDS;
}

/** Commander shows its general help then, as if all were well. */
function refuseHelpOnNothing({ argv: [command, topic] }: World): void {
  if (command !== 'help' || topic === undefined || topic.startsWith('-') || commandNamed(topic)) return;
  const { hintForCommand } = require('./other-programs') as typeof OtherPrograms;
  throw new UsageError(`Unknown command '${topic}'. ${hintForCommand(topic) ?? ''}`.trimEnd());
}

function newProgram({ terminal }: World): CommanderCommand {
  return new CommanderCommand('reso')
    .description(DESCRIPTION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: () => undefined, // main says it, in one line
    })
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .commandsGroup(OTHER)
    .helpCommand('help [COMMAND]', 'show the options of a command')
    .helpOption('-h, --help', 'show this help')
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      void terminal.stdout.write(`${version()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .addHelpText('after', EXAMPLES);
}

const EXAMPLES = `
Examples:
  # On one machine
  reso serve /srv/images
  # On another one: list the images, download one, and keep a copy of all
  reso ls -s HOST
  reso get -s HOST img.jpg
  reso sync -s HOST photos

'reso COMMAND --help' shows examples and all options of a command. Options that
all client commands have, such as -s, may also come before the command.`;

function version(): string {
  return (require('../index') as typeof Library).VERSION;
}

/** What stands before the command, as far as the command takes it. */
function givenBefore({ name, options }: Command, given: Given): Given {
  const foreign = Object.keys(given).find((key) => !(key in options));
  if (foreign === undefined) return given;
  const { flags } = CLIENT_OPTIONS[foreign as keyof typeof CLIENT_OPTIONS];
  throw new UsageError(`${nameOf({ flags })} is not an option of ${name}.`);
}

async function runCommand(
  command: (typeof COMMANDS)[number],
  given: Given,
  words: readonly string[],
  { argv, env: all, terminal, asides }: World,
): Promise<ExitCode> {
  refuseAddress(command, given);
  const env = ownVariables(all, (ignored) => asides.add(ignored));
  const settings = resolveSettings<OptionTable>(command.options, given, env);
  // A server says it in its log, once that is open.
  if (settings['logLevel'] === undefined)
    asides.tellTo((aside) => settings['verbose'] === true && terminal.say(`reso: ${aside}`));
  const world = { isBare: argv.length === 1, env, terminal, asides, signal: interruptSignal() };
  const run = LOAD[command.name]() as CommandRun<unknown>;
  if (!command.names?.mayBeUrl) return run({ ...world, settings, names: words });
  const named = given['server'] === undefined ? [] : (settings['server'] as readonly ServerAddress[]);
  const { names, servers } = separateServer(words, named);
  return run({ ...world, settings: servers ? { ...settings, server: servers } : settings, names });
}

/** Whoever writes an address does not mean a new folder of that name. */
function refuseAddress({ name, options }: Command, given: Given): void {
  const key = Object.keys(options).find((key) => isPositional(options[key]!));
  const folder = key === undefined ? undefined : given[key];
  if (typeof folder !== 'string' || !folder.includes(':') || (name === 'serve' && isS3(folder))) return;
  const { hintForArguments, isAddress } = require('./other-programs') as typeof OtherPrograms;
  if (!isAddress(folder) || existsSync(folder)) return;
  throw new UsageError(`'${folder}' looks like an address. ${hintForArguments(name, [folder])}`);
}

const SHOWN = new Set(['commander.helpDisplayed', 'commander.version']);

/** Throws USAGE unless what was asked for has been shown. */
function exitCodeOfParsing(error: CommanderError, program: CommanderCommand, { argv }: World): ExitCode {
  if (SHOWN.has(error.code)) return EXIT.done;
  if (error.code === 'commander.help') return argv[0] === 'help' ? EXIT.done : EXIT.usage;
  const { explainRefusal } = require('./refusals') as typeof Refusals;
  throw new UsageError(explainRefusal(error, program));
}
