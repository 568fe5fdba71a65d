import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ResoError } from '../../../errors';
import type { ImageEntry, Page } from '../../../protocol';
import type { AskDigests } from '../../net/ask';
import { backOff } from '../../net/retry';
import { formatLockEntry, LOCK_HEADER } from '../../../lock';
import type { ListOptions } from '../../plan/select';
import { FREE_LOOKS, SETTLING_PAUSE } from '../../transfer/settled';
import { inOrder } from '../in-order';

export interface LockOptions {
  /** As in `list`. */
  readonly globs?: readonly string[] | undefined;
  /** Told how many images, and folders that may contain some, are left out because the server can't read them, if any. */
  readonly onUnreadable?: ((count: number) => void) | undefined;
}

/** Digests requested at a time. */
const AT_ONCE = 64;

export interface SnapshotSource {
  readonly digests: AskDigests;
  pages(options: ListOptions): AsyncIterable<Page>;
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The text of a lock file of the server's images, in pieces. Yields nothing until all of it is known to be a consistent
 * state. Throws CHANGED if the images keep changing, BAD_NAME if one of `globs` matches nothing, and UNREADABLE if nothing
 * that they match can be read.
 */
export async function* takeSnapshot(
  source: SnapshotSource,
  globs: readonly string[] | undefined,
  onUnreadable?: (count: number) => void,
): AsyncGenerator<string, void, undefined> {
  const { spool, unreadable } = await takeOfOneState(source, globs);
  if (unreadable > 0) onUnreadable?.(unreadable);
  yield* spool.pieces();
}

interface Taken {
  readonly spool: Spool;
  /** How many are left out because the server can't read them. */
  readonly unreadable: number;
}

async function takeOfOneState(source: SnapshotSource, globs: readonly string[] | undefined): Promise<Taken> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await takeOnce(source, globs);
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
      if (attempt > source.retries + (error.isWriting ? FREE_LOOKS : 0)) throw error.asResult();
      const delay = error.isWriting ? SETTLING_PAUSE : backOff(attempt);
      await sleep(delay, undefined, { signal: source.signal }).catch(() => undefined);
    }
  }
}

async function takeOnce(source: SnapshotSource, globs: readonly string[] | undefined): Promise<Taken> {
  let images = 0;
  let unreadable = 0;
  const onPage = (page: Page) => {
    images += page.images.length;
    unreadable += page.unreadable ?? 0;
  };
  const spool = new Spool();
  spool.add(`${LOCK_HEADER}\n`);
  const missing: string[] = [];
  const pages = source.pages({ globs, onMissing: (glob) => void missing.push(glob) });
  for await (const line of inOrder(ofOneState(pages, onPage), AT_ONCE, (entry) => lineOf(source, entry))) {
    spool.add(line);
  }
  if (missing.length > 0) throw nothingFor(missing);
  if (globs && images === 0 && unreadable > 0) throw nothingReadable();
  return { spool, unreadable };
}

/** Otherwise a mistyped name would silently be missing from the lock. */
function nothingFor(globs: readonly string[]): ResoError {
  const quoted = globs.map((glob) => `'${glob}'`).join(', ');
  return new ResoError(
    'BAD_NAME',
    `Nothing on the server matches ${quoted}. Run 'reso ls' to see what it has.`,
  );
}

function nothingReadable(): ResoError {
  return new ResoError('UNREADABLE', "The server can't read any of the requested images.");
}

async function* ofOneState(
  pages: AsyncIterable<Page>,
  onPage: (page: Page) => void,
): AsyncGenerator<ImageEntry, void, undefined> {
  let generation: string | undefined;
  for await (const page of pages) {
    generation ??= page.generation;
    if (page.generation !== generation) throw new ChangedMeanwhile();
    onPage(page);
    yield* page.images;
  }
}

async function lineOf(source: SnapshotSource, entry: ImageEntry): Promise<string> {
  const { name, size, unsettled } = entry;
  if (unsettled) throw new ChangedMeanwhile(name, true);
  const sha256 = entry.sha256 ?? (await digestOf(source, entry));
  return `${formatLockEntry({ name, size, sha256 })}\n`;
}

async function digestOf(source: SnapshotSource, { name, version }: ImageEntry): Promise<string> {
  try {
    const proof = await source.digests(name);
    if (proof.version !== version) throw new ChangedMeanwhile(name);
    return proof.sha256;
  } catch (error) {
    if (error instanceof ResoError && (error.code === 'NOT_FOUND' || error.code === 'CHANGED')) {
      throw new ChangedMeanwhile(name);
    }
    throw error;
  }
}

/** Something changed while it was being read. */
class ChangedMeanwhile extends Error {
  readonly #image: string | undefined;
  /** The server knows that the image is being written: that does not count as a failed attempt. */
  readonly isWriting: boolean;

  constructor(image?: string, isWriting = false) {
    super('The images changed.');
    this.#image = image;
    this.isWriting = isWriting;
  }

  asResult(): ResoError {
    const image = this.#image;
    return new ResoError(
      'CHANGED',
      'The images kept changing while the snapshot was taken.',
      image === undefined ? {} : { image },
    );
  }
}

/** Characters compressed together. */
const PIECE = 262_144;

/** Compressed text, kept until all of it is known: a million lines with digests are large and compress to half. */
export class Spool {
  readonly #packed: Buffer[] = [];
  #open: string[] = [];
  #length = 0;

  add(line: string): void {
    this.#open.push(line);
    this.#length += line.length;
    if (this.#length >= PIECE) this.#pack();
  }

  *pieces(): Generator<string, void, undefined> {
    for (const packed of this.#packed) yield inflateRawSync(packed).toString();
    yield this.#open.join('');
  }

  #pack(): void {
    this.#packed.push(deflateRawSync(this.#open.join(''), { level: 1 }));
    this.#open = [];
    this.#length = 0;
  }
}
