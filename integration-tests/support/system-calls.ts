import { readFile } from 'node:fs/promises';
import { runCommand, type CommandEnd, type CommandSetting } from './run-command';

/** What may change a file or a name, what may make that last, and what tells somebody of it. */
const TRACED = [
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'copy_file_range', 'sendfile', 'ftruncate'],
  ...['utimensat', 'fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'msync'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat'],
];

/** A system call of any thread. `begun` and `ended` are places in the order in which the kernel was seen to do them. */
export interface SystemCall {
  readonly name: string;
  /** As strace prints it: descriptors with their paths, and the result. */
  readonly text: string;
  readonly begun: number;
  readonly ended: number;
}

export interface Traced extends CommandEnd {
  readonly calls: readonly SystemCall[];
}

/** Runs a program to its end under strace; `log` is a file for what that sees. */
export async function traceCommand(
  setting: CommandSetting,
  log: string,
  program: string,
  ...args: string[]
): Promise<Traced> {
  // What went through a ring would be no system call.
  const environment = { ...setting.environment, UV_USE_IO_URING: '0' };
  const options = ['-f', '-y', '-s', '4096', '-e', `trace=${TRACED.join()}`, '-o', log];
  const ended = await runCommand({ ...setting, environment }, 'strace', ...options, program, ...args).catch(
    (cause: unknown) => {
      throw new Error('strace did not start: it has to be installed (scripts/test does so on Debian).', {
        cause,
      });
    },
  );
  return { ...ended, calls: parseTrace(await readFile(log, 'latin1')) };
}

const UNFINISHED = ' <unfinished ...>';
const RESUMED = /^<\.\.\. \w+ resumed>/;

/** `PID NAME(ARGUMENTS) = RESULT`, or the two halves of that where another thread's came between them. */
export function parseTrace(log: string): SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<string, { text: string; begun: number }>();
  for (const [place, line] of log.split('\n').entries()) {
    const [, pid, said] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || said === undefined) continue;
    if (said.endsWith(UNFINISHED)) {
      open.set(pid, { text: said.slice(0, -UNFINISHED.length), begun: place });
      continue;
    }
    const half = RESUMED.test(said) ? open.get(pid) : undefined;
    const text = half ? half.text + said.replace(RESUMED, '') : said;
    const name = /^(\w+)\(/.exec(text)?.[1];
    if (name !== undefined) calls.push({ name, text, begun: half?.begun ?? place, ended: place });
  }
  return calls;
}
