import type { Progress } from '../../index';
import { progressLine } from './progress-line';
import { SpeedMeter } from './speed-meter';
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

  /** False for what was done before there was anything to show. */
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
