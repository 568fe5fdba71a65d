export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

export function command(program: string, ...args: string[]): Command {
  return { program, args };
}

/** A command line for sh; parameters are passed as $1, $2, …, so that no name needs quoting. */
export function shell(line: string, ...parameters: string[]): Command {
  return command('sh', '-c', line, 'sh', ...parameters);
}

export function node(...args: string[]): Command {
  return command(process.execPath, ...args);
}
