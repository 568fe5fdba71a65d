/** Counters of a download, to be polled by whoever shows them. */
export interface Progress {
  /** Images that are done, in whatever way. */
  imagesDone: number;
  /** Images asked for, as far as known: grows while lists come in. */
  imagesTotal: number;
  /** Bytes that are done: received, found in a partial, or identical already. */
  bytesDone: number;
  /** Bytes that came over the network. */
  bytesReceived: number;
  /** Bytes of all images whose size is known. */
  bytesTotal: number;
  /** The image whose bytes came last. */
  current: { name: string; size: number; done: number } | undefined;
}

export function newProgress(): Progress {
  return { imagesDone: 0, imagesTotal: 0, bytesDone: 0, bytesReceived: 0, bytesTotal: 0, current: undefined };
}
