import { setTimeout as sleep } from 'node:timers/promises';
import { ResoError } from '../../errors';
import { Crashes, type Facts } from '../../facts';
import type { ImageStore, StoredImage } from '../../stores';
import { changed, type CatalogEntry } from '../catalog';
import type { FactsStore } from './facts-store';

/**
 * Reads the facts of an image from part of its bytes. It opens the image when its turn comes, and closes it. Throws if it
 * can't. Resolves to undefined if this server can find no facts of any image.
 */
export type FindFacts = (
  open: () => Promise<StoredImage>,
  options: { readonly isUrgent: boolean },
) => Promise<Facts | undefined>;

const UNKNOWN: Facts = { format: 'unknown', canRender: false };

/** Images that are looked at for one request: a quarter of what may wait for those who decode. */
const AT_ONCE = 16;

/** Images to remember as having a likeness: reading that from disk takes a tenth of the time of sending a thumbnail. */
const MOST_LIKENESSES = 10_000;

type Wanted = Pick<CatalogEntry, 'name' | 'version'>;

/** Finds and stores the facts of images. Simultaneous requests for the same image share one search. */
export class FactFinder {
  readonly #store: ImageStore;
  readonly #facts: FactsStore;
  readonly #find: FindFacts;
  readonly #running = new Map<string, Promise<Facts | undefined>>();
  readonly #withLikeness = new Set<string>();
  readonly #crashes = new Crashes();
  #isAble = true;

  constructor(store: ImageStore, facts: FactsStore, find: FindFacts) {
    this.#store = store;
    this.#facts = facts;
    this.#find = find;
  }

  /** The blurred placeholder, which comes with the first thumbnail. */
  keepThumbhash(wanted: Wanted, thumbhash: string): void {
    const key = keyOf(wanted);
    if (this.#withLikeness.has(key)) return;
    const known = this.#facts.get(wanted.name, wanted.version);
    if (!known) return;
    if (known.thumbhash === undefined) this.#facts.keep(wanted.name, wanted.version, { ...known, thumbhash });
    if (this.#withLikeness.size >= MOST_LIKENESSES) this.#withLikeness.clear();
    this.#withLikeness.add(key);
  }

  known(wanted: Wanted): Facts | undefined {
    const facts = this.#facts.get(wanted.name, wanted.version);
    return facts ?? (this.#crashes.areTooMany(keyOf(wanted)) ? UNKNOWN : undefined);
  }

  /** False once it has turned out that no facts can be found on this server. */
  get isAble(): boolean {
    return this.#isAble;
  }

  /** Undefined if they can't be found now; the caller may try again later, if `isAble`. */
  find(wanted: Wanted, isUrgent: boolean): Promise<Facts | undefined> {
    const key = keyOf(wanted);
    const running = this.#running.get(key);
    if (running) return running;
    const begun = this.#begin(wanted, isUrgent).finally(() => this.#running.delete(key));
    this.#running.set(key, begun);
    return begun;
  }

  /**
   * Finds those of many, a few at a time and the failed ones once more: who decodes has no room for hundreds at once. Resolves
   * after `patience` milliseconds at the latest.
   */
  async findAll(wanted: readonly Wanted[], patience: number): Promise<void> {
    const over = new AbortController();
    const all = this.#findEach(wanted, over.signal).then(() =>
      this.#findEach(
        wanted.filter((one) => !this.known(one)),
        over.signal,
      ),
    );
    await Promise.race([all, sleep(patience, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
  }

  async #findEach(wanted: readonly Wanted[], over: AbortSignal): Promise<void> {
    const left = wanted.values();
    const next = async () => {
      for (const one of left) {
        if (over.aborted || !this.#isAble) return;
        await this.find(one, true);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  async #begin(wanted: Wanted, isUrgent: boolean): Promise<Facts | undefined> {
    try {
      const facts = await this.#find(() => this.#open(wanted), { isUrgent });
      if (!facts) {
        this.#isAble = false;
        return undefined;
      }
      this.#facts.keep(wanted.name, wanted.version, facts);
      return facts;
    } catch (error) {
      if (!(error instanceof ResoError)) throw error;
      if (error.code === 'RENDER_FAILED') this.#crashes.note(keyOf(wanted));
      // It would be the same next time.
      if (error.code === 'NOT_RENDERABLE') this.#facts.keep(wanted.name, wanted.version, UNKNOWN);
      return this.known(wanted);
    }
  }

  async #open({ name, version }: Wanted): Promise<StoredImage> {
    const image = await this.#store.open(name);
    if (image.version === version) return image;
    await image.close();
    throw changed();
  }
}

function keyOf({ name, version }: Wanted): string {
  return `${version}\0${name}`;
}
