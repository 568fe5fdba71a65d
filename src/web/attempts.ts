import { isIP } from 'node:net';
import { HttpError } from './http-error';

/** Wrong tokens from one address before it has to wait. */
const MAX_ATTEMPTS = 10;
const WHILE = 60_000;
const MAX_ADDRESSES = 10_000;

/** An IPv6 client usually has a whole /64 network. */
function networkOf(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIP(bare) !== 6) return bare;
  const [head = '', tail] = bare.split('::');
  const [left, right] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(Math.max(0, zeros)).fill('0'), ...right].slice(0, 4).join(':');
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** Counts wrong tokens by address, to prevent guessing. */
export class Attempts {
  readonly #failures = new Map<string, { count: number; since: number }>();

  check(address: string): void {
    const entry = this.#failures.get(networkOf(address));
    if (!entry || entry.count < MAX_ATTEMPTS || Date.now() - entry.since > WHILE) return;
    const headers = { 'Retry-After': String(WHILE / 1000) };
    throw new HttpError(429, 'BUSY', 'Too many wrong tokens. Try again in a minute.', { headers });
  }

  failed(address: string): void {
    const network = networkOf(address);
    const entry = this.#failures.get(network);
    const isOld = !entry || Date.now() - entry.since > WHILE;
    this.#failures.delete(network);
    this.#failures.set(
      network,
      isOld ? { count: 1, since: Date.now() } : { ...entry, count: entry.count + 1 },
    );
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest);
  }
}
