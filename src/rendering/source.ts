/** An image that was opened by the server, for a child to read. */
export interface Source {
  /** Where another process of the same user can open the very same open file: `/proc/PID/fd/N`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** An open image, which is closed when its job is done. */
export interface OpenedSource {
  readonly source: Source;
  /** Whether the image is still in the state in which it was opened. Asked after a child has read it. */
  isUnchanged(): boolean | Promise<boolean>;
  close(): Promise<void>;
}

/** Called when it is the image's turn, so that the queue holds no descriptors. */
export type OpenSource = () => Promise<OpenedSource>;

export interface RenderRequest {
  /** Digest of the image, in hex, for the cache. `open` must throw if the image is no longer the one with this digest. */
  readonly sha256: string;
  readonly open: OpenSource;
}
