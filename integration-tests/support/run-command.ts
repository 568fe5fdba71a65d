import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface CommandSetting {
  /** Folder to run it in. */
  readonly cwd: string;
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads on stdin; default none. */
  readonly input?: string;
}

export interface CommandEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of this machine to its end. */
export async function runCommand(
  { cwd, environment, input }: CommandSetting,
  program: string,
  ...args: string[]
): Promise<CommandEnd> {
  const env = { ...neutralEnvironment(), ...environment };
  const child = spawn(program, args, { cwd, env });
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/** As `runCommand`; throws unless it exits 0. */
export async function runToSuccess(
  setting: CommandSetting,
  program: string,
  ...args: string[]
): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(setting, program, ...args);
  if (exitCode !== 0)
    throw new Error(`${program} ${args.join(' ')}: exit code ${exitCode}\n${stdout}${stderr}`);
  return stdout;
}

/** Without reso's own variables, which would change what is tested, and npm's and jest's, which change other programs. */
export function neutralEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(RESO_|npm_|NODE_ENV$|JEST_)/.test(name));
  return Object.fromEntries(entries);
}
