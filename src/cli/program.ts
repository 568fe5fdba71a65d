import { Command as CommanderCommand, CommanderError } from 'commander';
import { UsageError } from '../errors';
import type * as Library from '../index';
import { COMMANDS, type Command } from './command-table';
import { interruptSignal } from './commands/interrupt';
import type { Asides } from './log/asides';
import { EXIT, type ExitCode } from './results/exit-code';
import { ownVariables, resolveSettings, type Environment, type Given } from './settings/settings';
import { addSubcommand } from './subcommand';
import type { Terminal } from './terminal/terminal';

/** The world that the program runs in. */
export interface World {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly terminal: Terminal;
  readonly asides: Asides;
}

/** Runs the command that `argv` names. Throws USAGE. */
export async function runProgram(world: World): Promise<ExitCode> {
  refuseHelpOnNothing(world);
  let exitCode: ExitCode = EXIT.done;
  const program = newProgram(world);
  for (const command of commandsFor(world)) {
    addSubcommand(program, command, async (given, names) => {
      exitCode = await runCommand(command, given, names, world);
    });
  }
  try {
    await program.parseAsync(world.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return exitCodeOfParsing(error, world);
  }
}

/** The command that is named, else all. Describing all of them to commander takes as long as running one. */
function commandsFor({ argv: [name] }: World): readonly Command[] {
  const named = COMMANDS.filter((command) => command.name === name);
  return named.length > 0 ? named : COMMANDS;
}

/** Commander shows its general help then, as if all were well. */
function refuseHelpOnNothing({ argv: [command, topic] }: World): void {
  if (command !== 'help' || topic === undefined || topic.startsWith('-')) return;
  if (!COMMANDS.some(({ name }) => name === topic)) throw new UsageError(`Unknown command '${topic}'.`);
}

function newProgram({ terminal }: World): CommanderCommand {
  return new CommanderCommand('reso')
    .description('Serve a folder of images over TCP, and fetch any of them: byte for byte, proven by digest.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: () => undefined, // main says it, in one line
    })
    .option('-V, --version', 'print the version')
    .on('option:version', () => {
      void terminal.stdout.write(`${version()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .addHelpText('after', "\n'reso COMMAND --help' shows the options of a command, each with its variable.");
}

function version(): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the library is loaded by the command that needs it
  return (require('../index') as typeof Library).VERSION;
}

async function runCommand(
  command: Command,
  given: Given,
  names: readonly string[],
  { argv, env: all, terminal, asides }: World,
): Promise<ExitCode> {
  const env = ownVariables(all, (ignored) => asides.add(ignored));
  const settings = resolveSettings(command.options, given, env);
  // A server says it in its log, once that is open.
  if (settings['logLevel'] === undefined)
    asides.tellTo((aside) => settings['verbose'] === true && terminal.say(`reso: ${aside}`));
  const world = { isBare: argv.length === 1, env, terminal, asides, signal: interruptSignal() };
  return command.load()({ ...world, settings: settings as never, names });
}

const SHOWN = new Set(['commander.helpDisplayed', 'commander.version']);

/** Throws USAGE unless what was asked for has been shown. */
function exitCodeOfParsing(error: CommanderError, { argv }: World): ExitCode {
  if (SHOWN.has(error.code)) return EXIT.done;
  if (error.code === 'commander.help') return argv[0] === 'help' ? EXIT.done : EXIT.usage;
  throw new UsageError(error.message.replace(/^error: /, '').replace(/\n/g, ' '));
}
