import type { DownloadResult, DownloadSummary } from '../result';

/** Adds results up. */
export class Tally {
  #downloaded = 0;
  #identical = 0;
  #failed = 0;
  #bytes = 0;
  #bytesReceived = 0;

  add({ outcome, size = 0, bytesReceived }: DownloadResult): void {
    this.#bytesReceived += bytesReceived;
    if (outcome === 'failed') {
      this.#failed++;
      return;
    }
    this.#bytes += size;
    if (outcome === 'downloaded') this.#downloaded++;
    else this.#identical++;
  }

  /** `unreadable`: how much was asked for that the server can't read. */
  summary(unreadable: number): DownloadSummary {
    return {
      downloaded: this.#downloaded,
      identical: this.#identical,
      failed: this.#failed,
      unreadable,
      bytes: this.#bytes,
      bytesReceived: this.#bytesReceived,
    };
  }
}
