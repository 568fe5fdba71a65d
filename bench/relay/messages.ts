import type { Sample } from '../link/utilisation';

/** What the benchmark asks the relay's process. */
export type Question = { readonly open: number } | { readonly samples: true };

/** What it says, one answer to each question in their order. */
export type Answer = { readonly port: number } | { readonly samples: readonly Sample[] };
