import { randomBytes } from 'node:crypto';
import { constants, readFileSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { systemCode } from '../../errors';
import { closeQuietly, openFile, removeFile, renameFile } from '../../files';

/** Whether the process that a partial belongs to still runs. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * Who writes partials: one per process and work folder. While the process lives, it listens on a Unix socket beside
 * its partials; nobody answers there as soon as it is gone, however it went. Unlike a process id this also holds
 * between containers that share a volume, and unlike a time it needs no waiting.
 */
export interface Owner {
  /** `BOOT-RANDOM` where the socket could be made, `x-RANDOM` where it could not. */
  readonly id: string;
  release(): Promise<void>;
}

export function newOwnerId(boot = bootId()): string {
  return `${boot}-${randomBytes(8).toString('hex')}`;
}

/** Throws ENOENT where there is no such folder. */
export async function becomeOwner(folder: string): Promise<Owner> {
  const id = newOwnerId();
  const server = bootId() === NO_BOOT ? undefined : await listen(folder, id);
  if (!server) return { id: newOwnerId(NO_BOOT), release: () => Promise.resolve() };
  const release = async () => {
    server.close();
    await removeFile(socketPath(folder, id)).catch(() => undefined);
  };
  return { id, release };
}

/** Only of an owner on this machine, since its last start, can be known that it is gone. Throws what keeps from asking. */
export async function ownerLiveness(folder: string, id: string): Promise<Liveness> {
  if (bootId() === NO_BOOT || !id.startsWith(`${bootId()}-`)) return 'unknown';
  return (await answers(folder, id)) ? 'alive' : 'dead';
}

export function socketPath(folder: string, id: string): string {
  return join(folder, `${id}${SOCKET}`);
}

const SOCKET = '.sock';

const NO_BOOT = 'x';
let boot: string | undefined;

/** Eight digits that differ between machines and between starts of one machine. */
function bootId(): string {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
  } catch {
    boot = NO_BOOT;
  }
  return boot;
}

/** A socket that does not answer yet would be taken for one of the dead: it gets its name when it does. */
const NOT_READY = '.new';

function listen(folder: string, id: string): Promise<Server | undefined> {
  const name = `${id}${SOCKET}${NOT_READY}`;
  return withShortPath(folder, async (short) => {
    const server = await listenAt(join(short, name));
    if (!server) return undefined;
    return renameFile(join(folder, name), socketPath(folder, id)).then(
      () => server,
      (cause: unknown) => {
        server.close();
        // The folder was removed meanwhile, by another process that found it empty: that is no reason to do without.
        if (systemCode(cause) === 'ENOENT') throw cause;
        return undefined;
      },
    );
  });
}

function listenAt(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    // Later ones say that a caller could not be answered, who takes that for life, too.
    server.on('error', () => resolve(undefined));
    server.listen(path, () => resolve(server.unref()));
  });
}

async function answers(folder: string, id: string): Promise<boolean> {
  try {
    return await withShortPath(folder, (short) => answersAt(join(short, `${id}${SOCKET}`)));
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return false;
    throw cause;
  }
}

function answersAt(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = systemCode(error);
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}

/** Gives `use` another path to `folder`: that of a socket may have a hundred bytes, and folders lie deep. */
async function withShortPath<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  const fd = await openFile(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use(`/proc/self/fd/${fd}`);
  } finally {
    await closeQuietly(fd);
  }
}
