import { constants } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { closeQuietly, openFile, removeFile, renameFile } from './calls';

/**
 * Shows others that this process is running: a Unix socket, on which it listens. Once the process is gone, for whatever
 * reason, nobody answers there. Unlike a process id this also works between containers that share a volume, and unlike
 * a timestamp it needs no waiting.
 */
export interface SignOfLife {
  /** Removes the socket. Never rejects. */
  end(): Promise<void>;
}

/** A socket that does not answer yet would be taken for a dead one, so it is renamed once it does. */
const NOT_READY = '.new';

/**
 * Puts a sign of life at `name` in `folder`; nobody else may ever use that name. Undefined if there can't be a socket.
 * Throws ENOENT if the folder is gone.
 */
export async function showLife(folder: string, name: string): Promise<SignOfLife | undefined> {
  const path = join(folder, name);
  return withShortPath(folder, async (short) => {
    const server = await listenAt(join(short, name + NOT_READY));
    if (!server) return undefined;
    const end = async () => {
      server.close();
      await removeFile(path).catch(() => undefined);
    };
    return renameFile(path + NOT_READY, path).then(
      () => ({ end }),
      (error: unknown) => {
        server.close();
        // Another process found the folder empty and removed it: that is no reason to do without a socket.
        if (codeOf(error) === 'ENOENT') throw error;
        return undefined;
      },
    );
  });
}

/** Whether the process that put a sign of life at `name` in `folder` is running. Throws if it can't be checked. */
export async function showsLife(folder: string, name: string): Promise<boolean> {
  try {
    return await withShortPath(folder, (short) => answersAt(join(short, name)));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function listenAt(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    // Later errors mean that a caller could not be answered, which it also takes as a sign of life.
    server.on('error', () => resolve(undefined));
    // Others may run as other users: without permission they could not tell a dead one.
    server.listen({ path, readableAll: true, writableAll: true }, () => resolve(server.unref()));
  });
}

function answersAt(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = codeOf(error);
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

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
