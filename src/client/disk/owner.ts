import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showLife, showsLife } from '../../files';

/** Whether the process that owns a partial is still running. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/** The owner of partials: one per process and work folder. Its sign of life is beside its partials. */
export interface Owner {
  /** `BOOT-RANDOM` if the socket could be created, `x-RANDOM` if not. */
  readonly id: string;
  release(): Promise<void>;
}

export function newOwnerId(boot = bootId()): string {
  return `${boot}-${randomBytes(8).toString('hex')}`;
}

/** Throws ENOENT if the folder does not exist. */
export async function becomeOwner(folder: string): Promise<Owner> {
  const id = newOwnerId();
  const sign = bootId() === NO_BOOT ? undefined : await showLife(folder, id + SOCKET);
  if (!sign) return { id: newOwnerId(NO_BOOT), release: () => Promise.resolve() };
  return { id, release: () => sign.end() };
}

/** Only an owner from the current boot of this machine can be known to be gone. Throws if it can't be checked. */
export async function ownerLiveness(folder: string, id: string): Promise<Liveness> {
  if (bootId() === NO_BOOT || !id.startsWith(`${bootId()}-`)) return 'unknown';
  return (await showsLife(folder, id + SOCKET)) ? 'alive' : 'dead';
}

export function socketPath(folder: string, id: string): string {
  return join(folder, `${id}${SOCKET}`);
}

const SOCKET = '.sock';

const NO_BOOT = 'x';
let boot: string | undefined;

/** Eight digits that differ between machines and between boots of one machine. */
function bootId(): string {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
  } catch {
    boot = NO_BOOT;
  }
  return boot;
}
