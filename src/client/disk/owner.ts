import { randomBytes } from 'node:crypto';
import { constants, readFileSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { systemCode } from '../../errors';
import { closeQuietly, openFile, removeFile, renameFile } from '../../files';

/** Whether the process that owns a partial is still running. */
export type Liveness = 'alive' | 'dead' | 'unknown';

/**
 * The owner of partials: one per process and work folder. While the process lives, it listens on a Unix socket beside its
 * partials; once it is gone, for whatever reason, nobody answers there. Unlike a process id this also works between
 * containers that share a volume, and unlike a timestamp it needs no waiting.
 */
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
  const server = bootId() === NO_BOOT ? undefined : await listen(folder, id);
  if (!server) return { id: newOwnerId(NO_BOOT), release: () => Promise.resolve() };
  const release = async () => {
    server.close();
    await removeFile(socketPath(folder, id)).catch(() => undefined);
  };
  return { id, release };
}

/** Only an owner from the current boot of this machine can be known to be gone. Throws if it can't be checked. */
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

/** Eight digits that differ between machines and between boots of one machine. */
function bootId(): string {
  try {
    boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
  } catch {
    boot = NO_BOOT;
  }
  return boot;
}

/** A socket that does not answer yet would be taken for a dead one, so it is renamed once it does. */
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
        // Another process found the folder empty and removed it: that is no reason to do without a socket.
        if (systemCode(cause) === 'ENOENT') throw cause;
        return undefined;
      },
    );
  });
}

function listenAt(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    // Later errors mean that a caller could not be answered, which it also takes as a sign of life.
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

/** Gives `use` a short path to `folder`: a socket's path is limited to about a hundred bytes, and folders can be deep. */
async function withShortPath<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  const fd = await openFile(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use(`/proc/self/fd/${fd}`);
  } finally {
    await closeQuietly(fd);
  }
}
