import { MAX_PACKED_BYTES } from '../../protocol';
import type { DownloadContext } from './context';
import type { Selected } from '../plan/select';
import type { News, Placed } from './lanes/order';
import { WorkPlaces, type WorkPlace } from './work-places';

/** Approximate bytes per FETCH: enough to make its own cost negligible. */
const FETCH_BYTES = 1_048_576;
const FETCH_IMAGES = 128;
/** Images of at least this size come in stripes over all lanes; smaller ones too if nothing else is in progress. */
const STRIPED = 64 * 1_048_576;
const STRIPED_ALONE = 8 * 1_048_576;
/** Expected bytes of an image whose size is unknown. */
const GUESS = 65_536;

type Context = Pick<
  DownloadContext,
  'durability' | 'fleet' | 'health' | 'nameLocks' | 'output' | 'overwrite' | 'progress' | 'server' | 'work'
>;

/** Called with an image's result: undefined if it was not placed and must be downloaded on the regular path. */
type OnOutcome = (image: Selected, placed: Placed | undefined) => void;

/** Chooses the images that come by lanes and orders them: small ones together, others one by one. */
export class Gathering {
  readonly #context: Context;
  readonly #onOutcome: OnOutcome;
  readonly #places: WorkPlaces;
  /** Images to fetch together. */
  #open: { readonly place: WorkPlace; readonly images: Selected[]; bytes: number } | undefined;
  /** An order was lost. Nothing more is ordered until its images were downloaded on the regular path. */
  hasFailed = false;

  constructor(context: Context, onOutcome: OnOutcome) {
    this.#context = context;
    this.#onOutcome = onOutcome;
    this.#places = new WorkPlaces(context);
  }

  /** Whether the image comes by a lane, which then reports its result. It must not be in progress already. */
  take(image: Selected): boolean | Promise<boolean> {
    if (!this.#isForLanes(image)) return false;
    const place = this.#places.of(image.name);
    if (place instanceof Promise) return place.then((found) => this.#takeTo(image, found));
    return this.#takeTo(image, place);
  }

  #isForLanes({ name, entry, looked }: Selected): boolean {
    const { durability, fleet, health, output, overwrite } = this.#context;
    if (durability || this.hasFailed || health.isDoomed || !fleet.isUsable) return false;
    if (!looked || entry?.unsettled || (entry && this.#isStriped(entry.size))) return false;
    const { found } = looked;
    // Don't create folders for an image that may not exist.
    if (!found) return entry !== undefined || output.hasMade(name);
    return overwrite && found.isFile() && entry !== undefined && entry.size !== found.size;
  }

  #isStriped(size: number): boolean {
    return size >= STRIPED || (size >= STRIPED_ALONE && this.#context.fleet.isIdle && !this.#open);
  }

  #takeTo(image: Selected, place: WorkPlace | undefined): boolean | Promise<boolean> {
    if (!place) return false;
    const size = image.entry?.size ?? GUESS;
    if (size > MAX_PACKED_BYTES) return this.#order(image, size, place);
    if (!this.#mayName(image.name)) return false;
    if (this.#open && this.#open.place !== place) this.flush();
    this.#open ??= { place, images: [], bytes: 0 };
    this.#open.images.push(image);
    this.#open.bytes += size;
    if (this.#open.bytes >= FETCH_BYTES || this.#open.images.length >= FETCH_IMAGES) this.flush();
    return true;
  }

  /** Names that may be the same are never in use at the same time. */
  #mayName(name: string): boolean {
    const { nameLocks, overwrite } = this.#context;
    return overwrite || nameLocks.tryLock(name);
  }

  /** Orders an image in one piece, unless an earlier run left a part of it. */
  async #order(image: Selected, expected: number, { folder }: WorkPlace): Promise<boolean> {
    const { name, locked } = image;
    const { fleet, server } = this.#context;
    const paths = await folder.pathsFor(name).catch(() => undefined);
    if (!paths || !this.#mayName(name)) return false;
    let bytes = 0;
    const onNews = (news: News) => {
      bytes += news.bytes;
      this.#came(news.bytes);
      if (!news.isLast) return;
      this.#came(-bytes);
      const [placed] = news.outcomes;
      if (!placed) folder.putBack(name);
      this.#told([image], news.outcomes, true);
    };
    fleet.give({ kind: 'whole', name, sha256: locked?.sha256, server, ...paths, expected }, 1, onNews);
    return true;
  }

  #came(bytes: number): void {
    this.#context.progress.bytesDone += bytes;
    this.#context.progress.bytesReceived += bytes;
  }

  /** Orders what was gathered. */
  flush(): void {
    if (!this.#open) return;
    const { place, images, bytes } = this.#open;
    this.#open = undefined;
    const { work, owner } = place;
    const names = images.map(({ name }) => name);
    const sha256s = images[0]?.locked && images.map(({ locked }) => locked!.sha256);
    let left: readonly Selected[] = images;
    let placed = 0;
    const onNews = ({ outcomes, isLast }: News) => {
      placed += outcomes.filter((one) => one).length;
      left = this.#told(left, outcomes, isLast);
      // A server that must read from a slow disk leaves all of them to GET.
      if (isLast && placed === 0) this.hasFailed = true;
    };
    const order = { kind: 'fetch', work, owner, names, sha256s, expected: bytes } as const;
    this.#context.fleet.give(order, images.length, onNews);
  }

  /** The same if a lane would otherwise be idle. */
  flushIfIdle(): void {
    if (this.#context.fleet.isIdle) this.flush();
  }

  /** Returns those of `images` without a result. */
  #told(
    images: readonly Selected[],
    outcomes: readonly (Placed | undefined)[],
    isLast: boolean,
  ): readonly Selected[] {
    if (isLast) this.hasFailed ||= outcomes.length < images.length;
    const told = isLast ? images : images.slice(0, outcomes.length);
    for (const [i, image] of told.entries()) {
      if (!this.#context.overwrite) this.#context.nameLocks.unlock(image.name);
      this.#onOutcome(image, outcomes[i]);
    }
    if (isLast) this.flushIfIdle();
    return images.slice(told.length);
  }
}
