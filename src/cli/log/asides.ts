/** What matters only to whoever looks closer: `-v` says it, `serve` logs it at debug. It is kept until that is known. */
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
 * What Node warns of (a deprecation, a feature that may change, many listeners) is about this program, and says nothing to
 * whoever uses it: by itself Node would print it on stderr, also in the middle of a log.
 */
export function hearRuntime(asides: Asides): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => asides.add(`Node warns of this: ${name}: ${message}`));
}
