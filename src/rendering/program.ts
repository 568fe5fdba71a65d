import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a child is started with. */
export interface Program {
  /** Its own file. */
  readonly program: string;
  /** That of sharp, which is looked for here: it does not lie beside every build of the child. */
  readonly sharp: string;
  /** Something that this process has open: a child that may not follow it can't open images either. */
  readonly probe: string;
}

/** Beside the library's own file, and as the program sees it. */
const PROGRAMS = [join(__dirname, 'child/main.js'), join(__dirname, '../rendering/child/main.js')];

/** Throws where something is missing. sharp is only found here, not loaded: only a child does that. */
export function findProgram(file?: string): Program {
  const program = [file, ...PROGRAMS].find((path) => path !== undefined && existsSync(path));
  if (program === undefined) throw new Error('the program that decodes images was not built');
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
