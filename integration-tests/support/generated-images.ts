import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

const STAMP = 32;

/** An image of random bytes; the server knows it for one by its extension. */
export async function writeImage(folder: string, name: string, size: number): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, randomBytes(size));
}

/**
 * A large image that takes hardly any disk or time: a hole, with random bytes at its end and at each MiB, so that
 * a part in a wrong place makes another image of it.
 */
export async function writeSparseImage(folder: string, name: string, size: number): Promise<void> {
  const file = await open(join(folder, name), 'w');
  try {
    await file.truncate(size);
    for (let at = 0; at < size; at += MIB) await file.write(randomBytes(STAMP), 0, STAMP, at);
    await file.write(randomBytes(STAMP), 0, STAMP, size - STAMP);
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 4 * MIB }), hash);
  return hash.digest('hex');
}

/** Whether two files hold the same bytes; for large ones quicker than two digests. */
export async function areIdentical(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([open(one), open(other)]);
  try {
    const { size } = await a.stat();
    if (size !== (await b.stat()).size) return false;
    const mine = Buffer.alloc(4 * MIB);
    const theirs = Buffer.alloc(4 * MIB);
    for (let at = 0; at < size;) {
      const length = Math.min(mine.length, size - at);
      await Promise.all([readFully(a, mine, length, at), readFully(b, theirs, length, at)]);
      if (mine.compare(theirs, 0, length, 0, length) !== 0) return false;
      at += length;
    }
    return true;
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

async function readFully(file: FileHandle, buffer: Buffer, length: number, position: number): Promise<void> {
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new Error('a file was cut off while it was compared');
    done += bytesRead;
  }
}

/** Every file below a folder, hidden ones included, with its SHA-256. */
export async function digestsOf(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const name of await filesIn(folder)) digests[name] = await sha256(join(folder, name));
  return digests;
}

/** Names of everything below a folder that is no folder, hidden ones included, in order. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
