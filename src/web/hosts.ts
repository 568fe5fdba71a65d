import { isIP } from 'node:net';

/** Endings of names that no DNS server outside of a network answers for: mDNS, home routers, RFC 8375. */
const PRIVATE = ['.local', '.lan', '.internal', '.home.arpa', '.localhost'];

export interface HostRules {
  /** Names that are allowed besides. */
  readonly allowed: readonly string[];
  /** Whether the server's certificate is for this name. */
  readonly isOfCertificate?: ((host: string) => boolean) | undefined;
}

/**
 * Whether a browser may have been sent here under this name by whoever owns this network. A website elsewhere can let its
 * own name point to an address of this network (DNS rebinding), and would then read everything with the rights of the
 * person who looks at it; such a name always has a dot, and is none of ours.
 */
export function isOwnHost(header: string | undefined, { allowed, isOfCertificate }: HostRules): boolean {
  // No browser leaves it out.
  if (header === undefined) return true;
  const host = hostOf(header);
  if (host === undefined) return false;
  if (isIP(host) !== 0 || host === 'localhost' || !host.includes('.')) return true;
  if (PRIVATE.some((ending) => host.endsWith(ending))) return true;
  return allowed.includes(host) || isOfCertificate?.(host) === true;
}

/** The name or address in a Host field, lower case, without port, brackets and the dot at the end. */
export function hostOf(header: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^\s:@/\\[\]]+))(?::\d{0,5})?$/i.exec(header) ?? [];
  const host = (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '');
  return host === '' ? undefined : host;
}
