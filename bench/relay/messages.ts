import type { Sample } from '../link/utilisation';

/** Requests to the relay's process. */
export type Question = { readonly open: number } | { readonly samples: true };

/** Its replies, one per request, in order. */
export type Answer = { readonly port: number } | { readonly samples: readonly Sample[] };
