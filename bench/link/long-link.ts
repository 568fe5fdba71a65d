import type { Link } from './link';
import { openNamespaces } from './namespaces';
import { openRelay } from './relayed';

export const RATE_BITS = 1e9;
export const DELAY_MS = 20;

/** 1 Gbit/s, 40 ms round trip: in network namespaces with netem if the machine has them, otherwise over our relay. */
export async function openLongLink(): Promise<Link> {
  const shape = { rateBits: RATE_BITS, delayMs: DELAY_MS };
  return openNamespaces(shape) ?? (await openRelay(shape));
}
