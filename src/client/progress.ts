/** Counters of a download, polled by a progress display. */
export interface Progress {
  /** Finished images, whatever the outcome. */
  imagesDone: number;
  /** Requested images, as far as known: grows while lists come in. */
  imagesTotal: number;
  /** Those of them whose size is not known yet: they were asked for by name. */
  imagesUnsized: number;
  /** Whether all that was asked for is counted. */
  isListed: boolean;
  /** Bytes that are done: received, found in a partial, or identical already. */
  bytesDone: number;
  /** Bytes received over the network. */
  bytesReceived: number;
  /** Total bytes of all images whose size is known. */
  bytesTotal: number;
  /** The image whose bytes arrived last. */
  current: { name: string; size: number; done: number } | undefined;
}

export function newProgress(): Progress {
  return {
    imagesDone: 0,
    imagesTotal: 0,
    imagesUnsized: 0,
    isListed: false,
    bytesDone: 0,
    bytesReceived: 0,
    bytesTotal: 0,
    current: undefined,
  };
}

/** One more image was asked for. */
export function countIn(progress: Progress, size: number | undefined): void {
  progress.imagesTotal++;
  if (size === undefined) progress.imagesUnsized++;
  else progress.bytesTotal += size;
}

/** One that was counted in is not to be done after all. */
export function countOut(progress: Progress, size: number | undefined): void {
  progress.imagesTotal--;
  if (size === undefined) progress.imagesUnsized--;
  else progress.bytesTotal -= size;
}
