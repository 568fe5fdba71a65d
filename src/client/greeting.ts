import type { Settings } from './settings';

/** Milliseconds that a server has for its first words: a little more than it gives its client for HELLO (9 s). */
const GREETING = 10_000;

/** Milliseconds for what a server says first, in TLS or in HELLO: what says nothing is hardly one. */
export function greetingTime({ timeout }: Pick<Settings, 'timeout'>): number {
  return Math.min(GREETING, timeout);
}
