import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** Milliseconds after which the condition is taken never to come true; default three minutes. */
  readonly atMost?: number;
  /** Milliseconds between two looks; default 20. */
  readonly every?: number;
}

/** Looks again and again until `look` gives something; resolves to that. */
export async function waitUntil<T>(
  condition: string,
  look: () => Promise<T> | T,
  { atMost = 180_000, every = 20 }: Patience = {},
): Promise<Exclude<T, false | undefined>> {
  const deadline = Date.now() + atMost;
  for (;;) {
    const seen = await look();
    if (seen !== false && seen !== undefined) return seen as Exclude<T, false | undefined>;
    if (Date.now() > deadline) throw new Error(`${condition}: not within ${atMost / 1000} s`);
    await pause(every);
  }
}
