import type { WireCode } from '../errors';
import type { Facts } from '../facts';
import type { Limits } from './limits';

/** What identifies the current state of an image. */
export interface ImageState {
  /** Bytes of the whole image. */
  readonly size: number;
  /** Modification time in microseconds since 1970-01-01T00:00Z. */
  readonly mtime: number;
  /** Opaque; equal for equal bytes. */
  readonly version: string;
  /** SHA-256 of the whole image, hexadecimal, if known. */
  readonly sha256?: string | undefined;
}

export interface ImageEntry extends ImageState {
  readonly name: string;
  /** It changed a moment ago on the server and may still be changing. */
  readonly unsettled?: true | undefined;
  /** Where they were asked for and could be found. */
  readonly facts?: Facts | undefined;
}

export interface ClientHello {
  readonly versions: readonly number[];
  readonly agent?: string | undefined;
  readonly token?: string | undefined;
}

export interface ServerHello {
  readonly version: number;
  readonly agent?: string | undefined;
  readonly limits: Limits;
  /** Block size for DIGESTS, in bytes. */
  readonly blockSize: number;
}

export interface ListRequest {
  readonly globs?: readonly string[] | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  /** A generation: if it is still current, nothing need be listed. */
  readonly unless?: string | undefined;
  /** Tell what each image is, as far as that can be found out. */
  readonly facts?: true | undefined;
}

export interface Page {
  readonly generation: string;
  /** The generation is still the one in `unless`: this page is empty, and the only one. */
  readonly unchanged?: true | undefined;
  readonly images: readonly ImageEntry[];
  /** How many images that belong on this page, and folders that may contain some, can't be read. */
  readonly unreadable?: number | undefined;
  readonly next?: string | undefined;
  /** See `pageCheck`. */
  readonly check?: string | undefined;
}

export interface WatchRequest {
  /** The generation that the client knows. */
  readonly unless: string;
}

/** Another generation than the one in `unless`. */
export interface NextGeneration {
  readonly generation: string;
}

export interface StatRequest {
  readonly name: string;
}

export interface GetRequest {
  readonly name: string;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly version?: string | undefined;
  readonly sha256?: string | undefined;
}

export interface Delivery extends ImageState {
  /** As in the request. */
  readonly name?: string | undefined;
  readonly offset: number;
  readonly length: number;
}

/** An image in a FETCH. */
export interface WantedImage {
  readonly name: string;
  /** It must have this SHA-256. */
  readonly sha256?: string | undefined;
}

export interface FetchRequest {
  readonly images: readonly WantedImage[];
}

/** An image whose bytes are all in the pack. */
export interface PackedImage extends ImageState {
  readonly name: string;
  readonly sha256: string;
}

/** Why a requested image is not in the pack. */
export interface UnpackedImage {
  readonly name: string;
  readonly code: WireCode;
  readonly message: string;
}

export type PackEntry = PackedImage | UnpackedImage;

/** The table of a pack. */
export interface PackTable {
  readonly images: readonly PackEntry[];
}

export interface End {
  readonly sha256?: string | undefined;
}

export interface DigestsRequest {
  readonly name: string;
  readonly version?: string | undefined;
  readonly first?: number | undefined;
  readonly count?: number | undefined;
}

export interface Proof extends ImageState {
  /** As in the request. */
  readonly name?: string | undefined;
  readonly sha256: string;
  readonly blockSize: number;
  readonly first: number;
  /** SHA-256 of the blocks from `first` on, hexadecimal. */
  readonly blocks: readonly string[];
}

export interface Working {
  /** Bytes. */
  readonly done: number;
  /** Bytes. */
  readonly total: number;
}

export type ClosingReason = 'shutdown' | 'idle';

export interface Closing {
  readonly reason: string;
}

export interface ErrorReply {
  readonly code: WireCode;
  readonly message: string;
  readonly versions?: readonly number[] | undefined;
  /** Milliseconds. */
  readonly retryAfter?: number | undefined;
  /** The requested image, as in the request. */
  readonly name?: string | undefined;
}
