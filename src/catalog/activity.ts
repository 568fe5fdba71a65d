/** Milliseconds behind the last image for which a server still counts as busy: the next request is on its way. */
const AFTERGLOW = 200;
/** Milliseconds after which an image that is still open no longer counts: its reader may have stalled. */
const PATIENCE = 30_000;

/** Whether images are being delivered. */
export class Activity {
  readonly #now: () => number;
  #open = 0;
  #last = -Infinity;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isBusy(): boolean {
    return this.#now() - this.#last < (this.#open > 0 ? PATIENCE : AFTERGLOW);
  }

  begin(): void {
    this.#open++;
    this.#last = this.#now();
  }

  goOn(): void {
    this.#last = this.#now();
  }

  end(): void {
    this.#open--;
    this.#last = this.#now();
  }
}
