import { EXIT, type ExitCode } from './exit-code';
import type { Invocation } from './invocation';

/** Says that there is nothing of the names or globs that were given. */
export function nothingFound({ names, terminal }: Pick<Invocation<unknown>, 'names' | 'terminal'>): ExitCode {
  const quoted = names.map((name) => `'${name}'`).join(', ');
  terminal.say(`reso: nothing on the server is called ${quoted}. 'reso ls' shows all there is.`);
  return EXIT.notOnServer;
}
