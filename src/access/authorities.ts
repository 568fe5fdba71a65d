import { X509Certificate } from 'node:crypto';

const LABEL = '(?:X509 |TRUSTED )?CERTIFICATE';
const BEGIN = new RegExp(`-----BEGIN ${LABEL}-----`, 'g');
const CERTIFICATE = new RegExp(`-----BEGIN (${LABEL})-----[^-]*-----END \\1-----`, 'g');

/** The complete certificates in a PEM file, and what is wrong with the file, if anything. */
export function authoritiesIn(pem: string): { authorities: string; fault: string | undefined } {
  const begun = pem.match(BEGIN)?.length ?? 0;
  const whole = (pem.match(CERTIFICATE) ?? []).filter(isCertificate);
  return {
    authorities: whole.map((one) => `${one}\n`).join(''),
    fault: faultIn(begun, begun - whole.length),
  };
}

function faultIn(begun: number, broken: number): string | undefined {
  if (begun === 0) return 'contains no certificate';
  return broken > 0 ? `contains unreadable certificates: ${broken} of ${begun}` : undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
