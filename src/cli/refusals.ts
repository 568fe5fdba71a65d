import type { Command as CommanderCommand, CommanderError } from 'commander';
import { hintForArguments, hintForCommand, hintForOption } from './other-programs';

/** Why commander refused the command line, and what to write instead. */
export function explainRefusal({ code, message }: CommanderError, program: CommanderCommand): string {
  const [what = '', suggestion = ''] = message.replace(/^error: /, '').split('\n(');
  const said = what.charAt(0).toUpperCase() + what.slice(1).replace(/\.?$/, '.');
  const hint = hintFor(code, what, program) ?? suggestion.replace(/\)$/, '');
  return hint === '' ? said : `${said} ${hint}`;
}

function hintFor(code: string, what: string, program: CommanderCommand): string | undefined {
  const [, word = ''] = /'(.*)'/s.exec(what) ?? [];
  if (code === 'commander.unknownCommand') return hintForCommand(word);
  if (code === 'commander.unknownOption') return hintForOption(word, program.args[0]);
  if (code !== 'commander.excessArguments') return undefined;
  const command = program.commands.find((sub) => sub.name() === program.args[0]);
  return command && hintForArguments(command.name(), command.args);
}
