/** Remarks for people who want details: `-v` prints them, `serve` logs them at debug. They are kept until either is known. */
export class Asides {
  readonly #kept: string[] = [];
  #tell = (message: string): unknown => this.#kept.push(message);

  add(message: string): void {
    this.#tell(message);
  }

  /** `tell` gets all of them, including those from before. */
  tellTo(tell: (message: string) => unknown): void {
    this.#tell = tell;
    for (const message of this.#kept.splice(0)) tell(message);
  }
}

/**
 * Turns Node's own warnings (deprecations, experimental features, many listeners) into asides. They mean nothing to a user
 * of this program, and Node would print them to stderr, even in the middle of a log.
 */
export function hearRuntime(asides: Asides): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => asides.add(`warning from Node.js: ${name}: ${message}`));
}
