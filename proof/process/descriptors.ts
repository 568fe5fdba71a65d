import { readdirSync, readlinkSync } from 'node:fs';

export interface Descriptors {
  readonly all: number;
  readonly sockets: number;
}

/** The open descriptors of a process. */
export function descriptorsOf(pid: number): Descriptors {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map((fd) => targetOf(`${folder}/${fd}`));
  return {
    all: targets.filter((target) => target !== undefined).length,
    sockets: targets.filter((target) => target?.startsWith('socket:')).length,
  };
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    // Closed between the two calls.
    return undefined;
  }
}
