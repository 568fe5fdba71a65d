import type { OpenedSource, OpenSource } from '../source';
import type { Answer, Loaders, Task } from '../wire/messages';

/** What a decoder may take without having said so: many images at once still fit into little memory. */
export const LITTLE_MEMORY = 32 * 1_048_576;

/** What came of a job. `bytes` are those of a rendition, else none. */
export interface Done {
  readonly answer: Extract<Answer, { readonly kind: 'rendition' | 'facts' }>;
  readonly bytes: Buffer;
}

/** One thing to be done with one image, from the queue to its end. */
export class Job {
  readonly task: Task;
  readonly done: Promise<Done>;
  /** Which child it needs, and how much memory: found out by a child that looked at the image. */
  loaders: Loaders = 'raster';
  memory = 0;
  /** How often a child has asked for that. */
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
    // Whoever waited for it may have given up.
    this.done.catch(() => undefined);
  }

  /** Whether it leaves room for others in the same child, and beside it. */
  get isLight(): boolean {
    return this.memory <= LITTLE_MEMORY;
  }

  /** Once: a job that is tried again goes on with what it has open. */
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
