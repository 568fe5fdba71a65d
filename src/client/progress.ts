/** Counters of a download, polled by a progress display. */
export interface Progress {
  /** Finished images, whatever the outcome. */
  imagesDone: number;
  /** Requested images, as far as known: grows while lists come in. */
  imagesTotal: number;
  /** Finished bytes: received, found in a partial, or already identical. */
  bytesDone: number;
  /** Bytes received over the network. */
  bytesReceived: number;
  /** Total bytes of all images whose size is known. */
  bytesTotal: number;
  /** The image whose bytes arrived last. */
  current: { name: string; size: number; done: number } | undefined;
}

export function newProgress(): Progress {
  return { imagesDone: 0, imagesTotal: 0, bytesDone: 0, bytesReceived: 0, bytesTotal: 0, current: undefined };
}
