import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** Where systems keep the authorities they trust, as one file: Debian and Alpine, Fedora, openSUSE, macOS and BSD. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Of Node 22.15 and later. */
type Newer = Partial<{ getCACertificates(kind: 'default' | 'system'): string[] }>;

/** The authorities that this system trusts, and those that Node comes with; all in PEM. */
export function systemRoots(): string[] {
  const { getCACertificates } = tls as Newer;
  if (getCACertificates)
    return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return [...tls.rootCertificates, ...bundles()];
}

function bundles(): string[] {
  for (const path of BUNDLES) {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {
      // The next one, then.
    }
  }
  return [];
}
