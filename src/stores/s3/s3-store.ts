import { escapeForDisplay, globMatcher, hasImageExtension, nameFault } from '../../names';
import type { ImageStore, Scan, StoredImage, StoredState } from '../image-store';
import { notFound } from '../refusal';
import type { Bucket, GetOptions, Part, Piece } from './bucket';
import type { DoubleNames } from './double-names';
import { imageFailure, storeFailure } from './failure';
import { urlOf, type Place } from './place';
import { Presence } from './presence';
import { Budget } from './read-ahead';
import { S3Image } from './s3-image';
import { S3Scan } from './s3-scan';

/** Bytes that come with the state of an image: a small image takes no second request. */
const FIRST_PART = 262_144;

export interface S3StoreOptions {
  /** Told when the bucket can't be read any more, and when it can again. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Valid globs: objects with matching names are served too, whatever they contain. */
  readonly also?: readonly string[] | undefined;
}

/**
 * The images below a prefix of a bucket: objects whose names end like those of images. To look into others, as is done in
 * folders, would take a request for each.
 */
export class S3Store implements ImageStore {
  readonly identity: string;
  readonly #bucket: Bucket;
  readonly #place: Place;
  readonly #presence: Presence;
  readonly #budget = new Budget();
  readonly #also: (name: string) => boolean;
  readonly #onWarning: (message: string) => void;
  #marks: readonly string[] = [];
  #hasWarned = false;

  constructor(bucket: Bucket, place: Place, endpoint: string, options: S3StoreOptions = {}) {
    const { onWarning = () => undefined, also = [] } = options;
    this.identity = `${endpoint} ${urlOf(place)}`;
    this.#onWarning = onWarning;
    this.#bucket = bucket;
    this.#place = place;
    this.#presence = new Presence(urlOf(place), () => bucket.look(), onWarning);
    this.#also = also.length > 0 ? globMatcher(also) : () => false;
  }

  /** `from`: the first byte that will be read. */
  async open(name: string, from = 0): Promise<StoredImage> {
    const first = await this.#get(name, { from, length: FIRST_PART });
    return new S3Image(first, this.#budget, (part, options) => this.#get(name, part, options));
  }

  async stat(name: string): Promise<StoredState> {
    const { state, sha256 } = await this.#ask(name, () => this.#bucket.head(name));
    const { size, mtime, version, changedAt } = state;
    return { size, mtime, version, changedAt, sha256 };
  }

  readAtOnce(): undefined {
    return undefined;
  }

  async readWhole(name: string, target: Buffer): Promise<StoredState | undefined> {
    const length = target.length;
    if (length === 0) return undefined;
    const { state } = await this.#get(name, { from: 0, length }, { target });
    return state.size === length ? state : undefined;
  }

  scan(): Scan {
    return new S3Scan({
      prefix: this.#place.prefix,
      list: (after) => this.#list(after),
      isServed: (name) => this.#isServed(name),
      marks: this.#marks,
      onEnd: ({ marks, doubleNames }) => {
        this.#marks = marks;
        this.#warnOf(doubleNames);
      },
    });
  }

  look(): Promise<number> {
    return this.#presence.look();
  }

  /** Nobody tells what changes in a bucket. */
  get changes(): undefined {
    return undefined;
  }

  changedFiles(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): void {
    this.#bucket.close();
  }

  #get(name: string, part: Part, options?: GetOptions): Promise<Piece> {
    return this.#ask(name, () => this.#bucket.get(name, part, options));
  }

  /** A request for one image. While the bucket is away, a single question after it stands for all of them. */
  async #ask<T>(name: string, request: () => Promise<T>): Promise<T> {
    if (nameFault(name) !== undefined || !this.#isServed(name)) throw notFound(name);
    if (this.#presence.isAway) await this.#presence.look();
    try {
      return await this.#presence.watch(request);
    } catch (error) {
      throw imageFailure(name, error);
    }
  }

  async #list(after: string | undefined) {
    try {
      return await this.#presence.watch(() => this.#bucket.list(after));
    } catch (error) {
      throw storeFailure(error);
    }
  }

  /** Once: whoever keeps such names knows it by then. */
  #warnOf({ count, example }: DoubleNames): void {
    if (example === undefined || this.#hasWarned) return;
    this.#hasWarned = true;
    const what = count === 1 ? '1 image has the name' : `${count} images have the names`;
    const which = `${escapeForDisplay(example)} and ${escapeForDisplay(example)}/…`;
    this.#onWarning(
      `${what} of a folder with other images, such as ${which}: a client can save only one of the two.`,
    );
  }

  #isServed(name: string): boolean {
    return hasImageExtension(name) || this.#also(name);
  }
}
