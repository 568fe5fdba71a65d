import type { OpenedSource, OpenSource } from '../source';
import type { Answer, Loaders, Task } from '../wire/messages';

/** Memory that a decoder may use without asking first, small enough for many images at once. */
export const LITTLE_MEMORY = 32 * 1_048_576;

/** The result of a job. `bytes` is empty unless it is a rendition. */
export interface Done {
  readonly answer: Extract<Answer, { readonly kind: 'rendition' | 'facts' | 'pyramid' }>;
  readonly bytes: Buffer;
}

/** One task on one image, from the queue to its result. */
export class Job {
  readonly task: Task;
  readonly done: Promise<Done>;
  /** Which kind of child it needs and how much memory, once a child has looked at the image. */
  loaders: Loaders = 'raster';
  memory = 0;
  /** How often a child has sent the job back with such needs. */
  turns = 0;
  isUrgent: boolean;
  readonly #open: OpenSource;
  #opened: OpenedSource | undefined;
  #resolve!: (done: Done) => void;
  #reject!: (error: unknown) => void;

  constructor(task: Task, open: OpenSource, isUrgent: boolean) {
    this.task = task;
    this.#open = open;
    this.isUrgent = isUrgent;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // All callers may have given up: without this, a rejection would be unhandled.
    this.done.catch(() => undefined);
  }

  /** Whether it may share a child with another job. */
  get isLight(): boolean {
    return this.memory <= LITTLE_MEMORY;
  }

  /** Opens the image once: a retry uses the same open file. */
  async open(): Promise<OpenedSource> {
    return (this.#opened ??= await this.#open());
  }

  async succeed(done: Done): Promise<void> {
    await this.#close();
    this.#resolve(done);
  }

  async fail(error: unknown): Promise<void> {
    await this.#close();
    this.#reject(error);
  }

  async #close(): Promise<void> {
    await this.#opened?.close();
    this.#opened = undefined;
  }
}
