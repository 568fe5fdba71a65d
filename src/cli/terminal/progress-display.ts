import type { Progress } from '../../index';
import { progressLine } from './progress-line';
import type { Terminal } from './terminal';

/** Milliseconds between looks at the counters. */
const INTERVAL = 200;

/** Shows a download's counters on the terminal until it is stopped. */
export class ProgressDisplay {
  readonly #terminal: Terminal;
  readonly #progress: Progress;
  readonly #meter = new SpeedMeter();
  readonly #timer: NodeJS.Timeout;
  #wasShown = false;

  constructor(terminal: Terminal, progress: Progress) {
    this.#terminal = terminal;
    this.#progress = progress;
    this.#timer = setInterval(() => this.#update(), INTERVAL).unref();
  }

  /** False if all was done before the first update. */
  get wasShown(): boolean {
    return this.#wasShown;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#terminal.clearStatus();
  }

  #update(): void {
    this.#wasShown = true;
    const speed = this.#meter.sample(this.#progress.bytesReceived, process.uptime());
    // In the last column some terminals wrap.
    const columns = (process.stderr.columns || 80) - 1;
    this.#terminal.showStatus(progressLine(this.#progress, speed, columns));
  }
}

/** After this many seconds a sample counts for a third. */
const MEMORY = 3;

/** A speed that does not jump: a mean in which older samples count less. */
export class SpeedMeter {
  #bytes: number | undefined;
  #at = 0;
  #speed: number | undefined;

  /** `bytes` so far, at `seconds`. Gives bytes a second, or undefined at first. */
  sample(bytes: number, seconds: number): number | undefined {
    const elapsed = seconds - this.#at;
    if (this.#bytes !== undefined && elapsed > 0)
      this.#add(Math.max(0, bytes - this.#bytes) / elapsed, elapsed);
    this.#bytes = bytes;
    this.#at = seconds;
    return this.#speed;
  }

  #add(speed: number, elapsed: number): void {
    const weight = this.#speed === undefined ? 1 : 1 - Math.exp(-elapsed / MEMORY);
    this.#speed = (this.#speed ?? 0) * (1 - weight) + speed * weight;
  }
}
