import { EXIT, type ExitCode } from '../results/exit-code';
import type { Environment } from '../settings/settings';
import type { Terminal } from '../terminal/terminal';
import { candidatesFor, type Candidates, type NamesLike } from './candidates';
import { namesLike } from './server-names';
import { splitLine } from './words';

/**
 * Answers a script of `reso completion`: prints the kind of what may stand at the cursor, then one candidate per line,
 * with a tab before its description. Silent on errors: they would end up in somebody's command line.
 */
export async function complete(
  args: readonly string[],
  env: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    await terminal.stdout.write(await answer(args, env));
  } catch {
    // Then there is nothing to complete.
  }
  return EXIT.done;
}

/** bash hands over the line and its word breaks; zsh and fish the words, of which fish leaves the last one quoted. */
async function answer([shell, ...args]: readonly string[], env: Environment): Promise<string> {
  const like: NamesLike = (prefix, given) => namesLike(prefix, given, env);
  if (shell === 'bash') {
    const { words, current, kept } = splitLine(args[0] ?? '', args[1]);
    return printed(await candidatesFor(words.slice(1), current, like), kept.length);
  }
  const last = args.at(-1) ?? '';
  const current = shell === 'fish' ? splitLine(last).current : last;
  return printed(await candidatesFor(args.slice(0, -1), current, like), 0);
}

/** `kept`: characters that bash does not replace. */
function printed({ kind, list }: Candidates, kept: number): string {
  const lines = list.map(({ value, about }) => value.slice(kept) + (about ? `\t${about}` : ''));
  return [kind, ...lines].map((line) => `${line}\n`).join('');
}
