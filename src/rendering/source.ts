/** An image that was opened by the server, for a child to read. */
export interface Source {
  /** Where another process of the same user can open the very same open file: `/proc/PID/fd/N`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** An open image. It stays open until its job is done. */
export interface OpenedSource {
  readonly source: Source;
  /** Whether the image is still in the state in which it was opened. Asked after a child has read it. */
  isUnchanged(): boolean | Promise<boolean>;
  close(): Promise<void>;
}

/** Opens an image when its turn comes: what waits in the queue holds no descriptor. */
export type OpenSource = () => Promise<OpenedSource>;

export interface RenderRequest {
  /** Digest of the image, in hex: what the cache goes by. `open` must throw where the image is another one by now. */
  readonly sha256: string;
  readonly open: OpenSource;
}
