import { randomBytes, randomInt } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkWritable, namesIn, removeFile, showLife, showsLife, type SignOfLife } from '../../files';

/**
 * The right to use an LMDB file. LMDB tells processes apart by their ids, which mean nothing outside a pid namespace: two
 * containers, in which the server is process 1 each, would take each other's locks for their own. So all who use a file
 * belong to one namespace, and a process of another one takes the next file.
 */
export interface Claim {
  readonly path: string;
  /** Call it once the file is closed. Never rejects. */
  release(): Promise<void>;
}

const FILES = 16;
/** How often to try again if somebody else claimed the same file in the same moment. */
const TRIES = 8;
const LONGEST_PAUSE = 100;

/** `FILE.NAMESPACE-RANDOM.sock` */
const SIGN = /^(.+)\.([a-z0-9]+)-[0-9a-f]{16}\.sock$/;

/** The number of the namespace in which a machine starts. Every Linux has this one. */
const INITIAL = '4026531836';

/** The path of the first file in folder `state`. */
export const firstFile = (state: string) => join(state, 'catalog.lmdb');

/** Claims the first file in folder `state` that no other namespace uses. Throws if there is none. */
export async function claimFile(state: string, namespace = pidNamespace()): Promise<Claim> {
  const first = firstFile(state);
  if (namespace === undefined) return unclaimed(first);
  for (let number = 1; number <= FILES; number++) {
    const path = number === 1 ? first : join(state, `catalog-${number}.lmdb`);
    const claim = await tryToClaim(path, namespace);
    if (claim) return claim;
  }
  throw new Error(`servers in ${FILES} other containers use its files`);
}

/**
 * Whoever claims shows a sign of life first, and looks for those of others then: of two who do so at once at least one
 * sees the other. If both do, both withdraw and try again after a random time.
 */
async function tryToClaim(path: string, namespace: string): Promise<Claim | undefined> {
  for (let left = TRIES; left > 0; left--) {
    if (await isUsedElsewhere(path, namespace)) return undefined;
    const sign = await showLife(dirname(path), signName(path, namespace));
    if (!sign) return withoutSign(path, namespace);
    if (!(await isUsedElsewhere(path, namespace))) return { path, release: () => sign.end() };
    await withdraw(sign);
  }
  return undefined;
}

async function withdraw(sign: SignOfLife): Promise<void> {
  await sign.end();
  await sleep(randomInt(LONGEST_PAUSE));
}

/** Where there can't be sockets, nobody can be noticed. Only the machine itself uses the file then, and no container. */
async function withoutSign(path: string, namespace: string): Promise<Claim> {
  if (namespace === INITIAL) return unclaimed(path);
  await checkWritable(dirname(path));
  throw new Error('other containers may use it, which only Unix sockets would show');
}

function unclaimed(path: string): Claim {
  return { path, release: () => Promise.resolve() };
}

/** Removes the signs of those who are gone. */
async function isUsedElsewhere(path: string, namespace: string): Promise<boolean> {
  const folder = dirname(path);
  let isUsed = false;
  for (const name of await namesIn(folder)) {
    const [, file, owner] = SIGN.exec(name) ?? [];
    if (file !== basename(path)) continue;
    if (!(await showsLife(folder, name))) await removeFile(join(folder, name)).catch(() => undefined);
    else if (owner !== namespace) isUsed = true;
  }
  return isUsed;
}

function signName(path: string, namespace: string): string {
  return `${basename(path)}.${namespace}-${randomBytes(8).toString('hex')}.sock`;
}

/** Undefined where the system has no such namespaces. If ours can't be known, it is like no other. */
function pidNamespace(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return UNKNOWN;
  }
}

const UNKNOWN = `x${randomBytes(8).toString('hex')}`;
