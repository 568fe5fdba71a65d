import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What is needed to start a child. */
export interface Program {
  /** Path of the child's program. */
  readonly program: string;
  /** Path of sharp, resolved from here: in tests the child's program is elsewhere. */
  readonly sharp: string;
  /** A `/proc` link to a file that this process has open: a child that can't follow it can't open images either. */
  readonly probe: string;
}

/** Next to the library's own file, or relative to the bundled program. */
const PROGRAMS = [join(__dirname, 'child/main.js'), join(__dirname, '../rendering/child/main.js')];

/** Throws if anything is missing. sharp is only located here: only children load it. */
export function findProgram(file?: string): Program {
  const program = [file, ...PROGRAMS].find((path) => path !== undefined && existsSync(path));
  if (program === undefined) throw new Error('the decoder program was not built');
  const probe = `/proc/${process.pid}/fd/0`;
  if (!existsSync(probe)) throw new Error('this system has no /proc');
  return { program, sharp: findSharp(), probe };
}

function findSharp(): string {
  try {
    return require.resolve('sharp');
  } catch {
    throw new Error('the package sharp is not installed');
  }
}
