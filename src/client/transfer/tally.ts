import type { DownloadResult, DownloadSummary } from '../result';

export type Counts = Omit<DownloadSummary, 'unusedExcludes'>;

/** Adds up results. */
export class Tally {
  #downloaded = 0;
  #replaced = 0;
  #identical = 0;
  #failed = 0;
  #bytes = 0;
  #bytesReceived = 0;

  add({ outcome, replaced, size = 0, bytesReceived }: DownloadResult): void {
    this.#bytesReceived += bytesReceived;
    if (outcome === 'failed') {
      this.#failed++;
      return;
    }
    this.#bytes += size;
    if (outcome === 'identical') this.#identical++;
    else {
      this.#downloaded++;
      if (replaced) this.#replaced++;
    }
  }

  /** `unreadable`: how many selected images and folders the server can't read. */
  summary(unreadable: number): Counts {
    return {
      downloaded: this.#downloaded,
      replaced: this.#replaced,
      identical: this.#identical,
      failed: this.#failed,
      unreadable,
      bytes: this.#bytes,
      bytesReceived: this.#bytesReceived,
    };
  }
}
