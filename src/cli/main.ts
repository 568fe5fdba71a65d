#!/usr/bin/env node
import { UsageError } from '../errors';
import { commandNamed } from './command-table';
import { Asides, hearRuntime } from './log/asides';
import { runProgram, type World } from './program';
import { EXIT, type ExitCode } from './results/exit-code';
import { exitCodeOf, explainOnWhat } from './results/explain';
import { Terminal } from './terminal/terminal';

async function main(): Promise<void> {
  const world = {
    argv: process.argv.slice(2),
    env: process.env,
    terminal: new Terminal(),
    asides: new Asides(),
  };
  hearRuntime(world.asides);
  const exitCode = await run(world);
  // After an interrupt nobody wants to wait for a reader that takes nothing.
  if (exitCode !== EXIT.interrupted) await world.terminal.flush();
  process.exit(exitCode);
}

async function run(world: World): Promise<ExitCode> {
  try {
    const exitCode = await runProgram(world);
    const { failure } = world.terminal.stdout;
    if (failure && exitCode === EXIT.done) throw failure;
    return exitCode;
  } catch (error) {
    world.terminal.say(`reso: ${explainOnWhat(error)}${error instanceof UsageError ? hint(world) : ''}`);
    return exitCodeOf(error);
  }
}

/** The command may stand behind options. */
function hint({ argv }: World): string {
  const [first = ''] = argv;
  const command = first.startsWith('-') ? argv.find(commandNamed) : commandNamed(first)?.name;
  return ` See 'reso ${command === undefined ? '' : `${command} `}--help'.`;
}

void main();
