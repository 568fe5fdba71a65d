import { HttpError } from './http-error';

/** Wrong tokens from one address within a while, before it has to wait. */
const MAX_ATTEMPTS = 10;
const WHILE = 60_000;
const MAX_ADDRESSES = 10_000;

/** Counts wrong tokens by address, so that nobody can try many. */
export class Attempts {
  readonly #failures = new Map<string, { count: number; since: number }>();

  check(address: string): void {
    const entry = this.#failures.get(address);
    if (!entry || entry.count < MAX_ATTEMPTS || Date.now() - entry.since > WHILE) return;
    const headers = { 'Retry-After': String(WHILE / 1000) };
    throw new HttpError(429, 'BUSY', 'Too many wrong tokens. Try again in a minute.', { headers });
  }

  failed(address: string): void {
    const entry = this.#failures.get(address);
    const isOld = !entry || Date.now() - entry.since > WHILE;
    this.#failures.delete(address);
    this.#failures.set(
      address,
      isOld ? { count: 1, since: Date.now() } : { ...entry, count: entry.count + 1 },
    );
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }
}
