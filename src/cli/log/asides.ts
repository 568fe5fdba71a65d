/** Remarks for people who look closer: `-v` prints them, `serve` logs them at debug level. Until then they are kept. */
export class Asides {
  readonly #kept: string[] = [];
  #tell = (message: string): unknown => this.#kept.push(message);

  add(message: string): void {
    this.#tell(message);
  }

  /** `tell` hears of all, also of what came before. */
  tellTo(tell: (message: string) => unknown): void {
    this.#tell = tell;
    for (const message of this.#kept.splice(0)) tell(message);
  }
}

/**
 * Turns Node's own warnings (deprecations, experimental features, many listeners) into asides. They say nothing to a user
 * of this program, and Node would print them on stderr, even in the middle of a log.
 */
export function hearRuntime(asides: Asides): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => asides.add(`Node warns of this: ${name}: ${message}`));
}
