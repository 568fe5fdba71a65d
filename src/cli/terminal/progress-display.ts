import type { Progress } from '../../index';
import { progressLine } from './progress-line';
import type { Terminal } from './terminal';

/** Milliseconds before the first look at the counters, and between looks: what is done sooner shows nothing. */
const FIRST = 50;
const INTERVAL = 100;

/** Shows a download's counters on the terminal until it is stopped. */
export class ProgressDisplay {
  readonly #terminal: Terminal;
  readonly #progress: Progress;
  readonly #speedOf: 'bytesReceived' | 'bytesDone';
  readonly #meter = new SpeedMeter();
  readonly #onResize = () => this.#terminal.showStatusAnew(this.#line());
  #timer: NodeJS.Timeout;
  #speed: number | undefined;
  #draws = 0;

  /** `speedOf` is the counter whose growth is the speed. */
  constructor(terminal: Terminal, progress: Progress, speedOf: 'bytesReceived' | 'bytesDone') {
    this.#terminal = terminal;
    this.#progress = progress;
    this.#speedOf = speedOf;
    this.#timer = setTimeout(() => this.#begin(), FIRST).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    process.stderr.off('resize', this.#onResize);
    this.#terminal.clearStatus();
  }

  #begin(): void {
    process.stderr.on('resize', this.#onResize);
    this.#timer = setInterval(() => this.#update(), INTERVAL).unref();
    this.#update();
  }

  #update(): void {
    this.#speed = this.#meter.sample(this.#progress[this.#speedOf], process.uptime());
    this.#terminal.showStatus(this.#line());
  }

  #line(): string {
    return progressLine(this.#progress, this.#speed, {
      // In the last column some terminals wrap.
      columns: (process.stderr.columns || 80) - 1,
      draws: this.#draws++,
      dimmed: (text) => this.#terminal.dimmed(text),
    });
  }
}

/** After this many seconds a sample counts for a third. */
const MEMORY = 3;

/** A speed that does not jump: a mean in which older samples count less. */
export class SpeedMeter {
  #bytes: number | undefined;
  #at = 0;
  /** Seconds since the first sample. */
  #age = 0;
  #speed = 0;

  /** `bytes` so far, at `seconds`. Gives bytes per second, or undefined at first. */
  sample(bytes: number, seconds: number): number | undefined {
    const elapsed = seconds - this.#at;
    if (this.#bytes !== undefined && elapsed > 0)
      this.#add(Math.max(0, bytes - this.#bytes) / elapsed, elapsed);
    this.#bytes = bytes;
    this.#at = seconds;
    return this.#age > 0 ? this.#speed : undefined;
  }

  #add(speed: number, elapsed: number): void {
    this.#age += elapsed;
    // The first samples are all that there is: they count in full.
    const weight = (1 - Math.exp(-elapsed / MEMORY)) / (1 - Math.exp(-this.#age / MEMORY));
    this.#speed += (speed - this.#speed) * weight;
  }
}
