import { ResoError } from '../errors';

export interface WaitOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Someone is looking at a screen: goes before background work. */
  readonly urgent?: boolean | undefined;
}

/** One piece of work that any number of callers wait for. */
export class Flight<T> {
  readonly result: Promise<T>;
  isUrgent: boolean;
  /** Called when the first urgent caller joins. */
  onUrgent: () => void = () => undefined;
  /** Called when the last caller has given up. Returns whether the work was dropped too. */
  onLeft: () => boolean = () => true;
  #isDropped = false;
  #isSettled = false;
  #waiting = 0;

  constructor(work: (flight: Flight<T>) => Promise<T>, isUrgent: boolean) {
    this.isUrgent = isUrgent;
    this.result = work(this);
    const settle = () => (this.#isSettled = true);
    this.result.then(settle, settle);
  }

  /** It will have no result: new callers need another flight. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** Rejects with ABORTED as soon as `signal` fires, whatever becomes of the work. */
  async wait({ signal, urgent = false }: WaitOptions): Promise<T> {
    if (urgent && !this.isUrgent) {
      this.isUrgent = true;
      this.onUrgent();
    }
    this.#waiting++;
    try {
      return await orAborted(this.result, signal);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0 && !this.#isSettled) this.#isDropped = this.onLeft();
    }
  }
}

async function orAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new ResoError('ABORTED', 'Aborted.', { cause: signal.reason }));
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
