import { isIP } from 'node:net';

/** Domains that public DNS does not serve: mDNS, home routers, RFC 8375. */
const PRIVATE = ['.local', '.lan', '.internal', '.home.arpa', '.localhost'];

export interface HostRules {
  /** Additional names that are allowed. */
  readonly allowed: readonly string[];
  /** Whether the server's certificate is for this name. */
  readonly isOfCertificate?: ((host: string) => boolean) | undefined;
}

/**
 * Whether this name can belong to the owner of this network. A website elsewhere can point its own name at an address in
 * this network (DNS rebinding), and would then read everything with its visitor's rights. Such a name always has a dot,
 * and is none of those allowed here.
 */
export function isOwnHost(header: string | undefined, { allowed, isOfCertificate }: HostRules): boolean {
  // Every browser sends it.
  if (header === undefined) return true;
  const host = hostOf(header);
  if (host === undefined) return false;
  if (isIP(host) !== 0 || host === 'localhost' || !host.includes('.')) return true;
  if (PRIVATE.some((ending) => host.endsWith(ending))) return true;
  return allowed.includes(host) || isOfCertificate?.(host) === true;
}

/** The name or address in a Host field, in lower case, without port, brackets or trailing dot. */
export function hostOf(header: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^\s:@/\\[\]]+))(?::\d{0,5})?$/i.exec(header) ?? [];
  const host = (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '');
  return host === '' ? undefined : host;
}
