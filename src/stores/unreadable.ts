import { join } from 'node:path';
import { describeCause, ResoError } from '../errors';
import { escapeForDisplay } from '../names';

/** Names that are remembered from one scan to the next. */
const MOST_KEPT = 1000;
/** Lines that one scan may bring. */
const MOST_LINES = 5;

/** What one scan could not look at: why, by name, as far as the names are kept. */
export class Unreadable {
  readonly causes = new Map<string, string>();
  count = 0;

  /** Whether there are more than names are kept: which are, depends on the order in which they were found. */
  get isCut(): boolean {
    return this.count > this.causes.size;
  }

  add(name: string, error: unknown): void {
    this.count++;
    if (this.causes.size < MOST_KEPT) this.causes.set(name, inWords(error));
  }
}

/** Without what a refusal tells clients. */
function inWords(error: unknown): string {
  return describeCause(error instanceof ResoError ? (error.cause ?? error) : error);
}

/** Says what can't be read any more: once, and not again with each scan. What was so at the start the survey counts. */
export class UnreadableReport {
  readonly #root: string;
  readonly #onWarning: (message: string) => void;
  #last: Unreadable | undefined;

  constructor(root: string, onWarning: (message: string) => void) {
    this.#root = root;
    this.#onWarning = onWarning;
  }

  /** A scan has come to its end. */
  scanned(now: Unreadable): void {
    const last = this.#last;
    this.#last = now;
    if (!last) return;
    const fresh = last.isCut ? [] : [...now.causes].filter(([name]) => !last.causes.has(name));
    this.#say(fresh, Math.max(fresh.length, now.count - last.count));
  }

  #say(fresh: readonly (readonly [name: string, cause: string])[], count: number): void {
    const named = fresh.slice(0, MOST_LINES);
    for (const [name, cause] of named)
      this.#onWarning(`${this.#place(name)} can't be read, and is left out until it can be: ${cause}.`);
    const more = count - named.length;
    if (more > 0) this.#onWarning(`${more} more folders or images can't be read, and are left out.`);
  }

  #place(name: string): string {
    return escapeForDisplay(join(this.#root, name));
  }
}
