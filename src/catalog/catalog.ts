import { ProtocolError } from '../errors';
import type { Facts } from '../facts';
import type { LeftOut, LeftOutNames } from '../stores';

/** What identifies the current state of an image. */
export interface CatalogState {
  /** Bytes. */
  readonly size: number;
  /** Microseconds since 1970-01-01T00:00Z. */
  readonly mtime: number;
  /** Opaque; equal for equal bytes. */
  readonly version: string;
  /** SHA-256 in hexadecimal, if known without reading the image. */
  readonly sha256?: string | undefined;
}

export interface ProvenState extends CatalogState {
  readonly sha256: string;
}

export interface CatalogEntry extends CatalogState {
  readonly name: string;
  /** It changed just now, and may change further. */
  readonly unsettled?: true | undefined;
}

/** What a client may read; everything, if the members are undefined. */
export interface Readable {
  /** Only names for which this is true; nothing reveals that others exist. */
  readonly mayRead?: ((name: string) => boolean) | undefined;
  /** Whether this folder may hold such images. If not, it looks like one that does not exist. */
  readonly mayEnter?: ((path: string) => boolean) | undefined;
}

export interface View extends Readable {
  /** Identifies what the client may read; undefined: everything. */
  readonly view?: string | undefined;
}

export interface ListQuery extends View {
  /** Only names that match one of these globs, which must be valid. */
  readonly globs?: readonly string[] | undefined;
  /** If this is still the generation, an empty page is enough. */
  readonly unless?: string | undefined;
  /** Only names after this one. */
  readonly after?: string | undefined;
  /** Facts will come with the images: fewer of them make a page. */
  readonly facts?: true | undefined;
  /** Most images on the page. */
  readonly limit: number;
  /** Gives up with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListPage {
  /** Opaque; equal for equal names and versions of all that the client may read, whatever else there is. */
  readonly generation: string;
  /** It is still the generation that was named: nothing is listed. */
  readonly unchanged?: true | undefined;
  readonly images: readonly CatalogEntry[];
  /** How many images on this page, and folders that may contain some, can't be read. */
  readonly unreadable?: number | undefined;
  /** There may be more after this name. */
  readonly next?: string | undefined;
}

export interface GenerationQuery extends View {
  /** The generation that is known. */
  readonly unless: string;
  /** Milliseconds after which it is returned even if it is still the current one. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

export interface FolderQuery extends Readable, Pick<ListQuery, 'after' | 'limit' | 'signal'> {
  /** Without a slash at its end; empty: the folder that is served. */
  readonly path: string;
}

export interface WalkQuery extends Omit<FolderQuery, 'limit'> {
  /** Also what lies in the folders within it. */
  readonly isDeep: boolean;
}

/** An image as a walk finds it, without its digest. */
export type WalkedImage = Omit<CatalogState, 'sha256'> & { readonly name: string };

/** What a walk finds: an image, or unless it is deep a folder, which it does not enter. */
export type Found<Image = WalkedImage> =
  | { readonly entry: Image }
  | {
      /** Without its path. */
      readonly folder: string;
      /** The first image in it that may be read, at whatever depth. */
      readonly first: Image;
    };

export interface FolderPage {
  /** Names of folders in which there are images that may be read, at whatever depth. Without their path. */
  readonly folders: readonly string[];
  readonly images: readonly CatalogEntry[];
  /** There may be more behind this name. */
  readonly next?: string | undefined;
}

export interface DigestQuery {
  readonly name: string;
  /** Fail with CHANGED if the image is not in this state. */
  readonly version?: string | undefined;
  /** Bytes of a block. */
  readonly blockSize: number;
  /** First block wanted. */
  readonly first: number;
  /** Blocks wanted; 0 asks for the image's digest alone. */
  readonly count: number;
  /** A SHA-256 that nobody has checked will do, because whoever asks checks the bytes against it. */
  readonly mayBeClaimed?: true | undefined;
  /** Called as the image is read, with the bytes read so far and those of the image. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Gives up with CANCELLED; reading stops once nobody waits for it. */
  readonly signal?: AbortSignal | undefined;
}

export interface ImageDigests extends ProvenState {
  /** Whoever stored the image, or wrote a lock file, says that it has this SHA-256. */
  readonly isClaimed: boolean;
  /** SHA-256 of the blocks wanted, hexadecimal, up to the end of the image. */
  readonly blocks: readonly string[];
}

/** An image that was opened. */
export interface OpenImage extends CatalogState {
  readonly name: string;
  /** As of `StoredImage`. */
  readonly path: string | undefined;
  /** May be set once it becomes known. */
  sha256: string | undefined;
  /** `sha256` is not proven: whoever reads the whole image must compare it. */
  isClaimed?: boolean;
  /** Bytes read from `position` into `target` at `offset`, at most `length`; 0 at the end. Throws UNREADABLE. */
  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number>;
  /** Whether the image is still as it was when it was opened. Call it right after a read. */
  isUnchanged(): boolean | Promise<boolean>;
  /** Never rejects. No other call may be running or follow. */
  close(): Promise<void>;
}

export interface Survey {
  readonly images: number;
  /** Bytes of all images. */
  readonly bytes: number;
  /** What the folder contains besides images, by reason. */
  readonly leftOut: LeftOut;
  /** Some of the names, by reason. */
  readonly leftOutNames: LeftOutNames;
}

/** All images, and the only way to their bytes. Errors are NOT_FOUND, UNREADABLE, CHANGED, BAD_RANGE, BUSY, UNAVAILABLE. */
export interface Catalog {
  /** A page of the list, in ascending order of the names' UTF-8 bytes. */
  list(query: ListQuery): Promise<ListPage>;
  /**
   * The generation, as soon as it is another one than `unless`; `unless` once `patience` is over. However many wait, the store
   * is looked at once for all of them. Throws CANCELLED, UNAVAILABLE.
   */
  nextGeneration(query: GenerationQuery): Promise<string>;
  /** What lies directly in a folder, in order of the names. Of a folder that is not there: nothing. */
  folder(query: FolderQuery): Promise<FolderPage>;
  /** All images below a folder, or those directly in it and the folders that hold any, in order of the names. */
  walk(query: WalkQuery): Promise<AsyncIterable<Found>>;
  /**
   * Images by their names, as the latest list has them, without opening any. Undefined for names that are not on it.
   */
  listed(names: readonly string[]): Promise<readonly (CatalogEntry | undefined)[]>;
  stat(name: string): Promise<CatalogEntry>;
  /** `from` is where reading will begin, if that is known. */
  open(name: string, from?: number): Promise<OpenImage>;
  /** Whether `readAtOnce` can succeed; otherwise `readWhole` can. */
  readonly readsAtOnce: boolean;
  /**
   * Reads a whole image into `target`, without waiting. Undefined if that is not possible, whatever the reason: `open` says
   * what is wrong. Call it soon after `ready`.
   */
  readAtOnce(name: string, target: Buffer): ProvenState | undefined;
  /**
   * Reads a whole image of exactly the size of `target`. Undefined if it has another size. Many may be read at the same time.
   */
  readWhole(name: string, target: Buffer): Promise<ProvenState | undefined>;
  /** The size that the image of this name had in the latest list, if it was on it. */
  expectedSize(name: string): number | undefined;
  /** Digests, from memory or by reading the image. */
  digests(query: DigestQuery): Promise<ImageDigests>;
  /** What is known of an image without looking at it. */
  knownFacts(image: Pick<CatalogEntry, 'name' | 'version'>): Facts | undefined;
  /**
   * What these images are, in their order; what is not known is found out, as far as that is possible within `patience`
   * milliseconds. Undefined for the rest.
   */
  facts(images: readonly CatalogEntry[], patience: number): Promise<readonly (Facts | undefined)[]>;
  /** Adds a blurred likeness to the facts that are known. */
  rememberThumbhash(image: Pick<CatalogEntry, 'name' | 'version'>, thumbhash: string): void;
  /** Keeps a digest that was computed while the image was read for another reason. */
  rememberDigest(name: string, version: string, sha256: string): void;
  /** Throws UNAVAILABLE if the store can't be read at all. */
  ready(): Promise<void>;
  /** Counts of what is served and what is not. */
  survey(): Promise<Survey>;
  close(): Promise<void>;
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

export function cancelled(): ProtocolError {
  return new ProtocolError('CANCELLED', 'The request was cancelled.');
}

export function changed(): ProtocolError {
  return new ProtocolError('CHANGED', 'The image has changed.');
}
