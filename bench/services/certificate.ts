import { spawnSync } from 'node:child_process';

/** Paths of PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for this run and this address only. ECDSA with P-256, as most servers use today. */
export function makeCertificate(path: string, host: string): Certificate {
  const made = { cert: `${path}.pem`, key: `${path}.key.pem` };
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const about = ['-subj', '/CN=reso-bench', '-addext', `subjectAltName=IP:${host}`];
  const { status, stderr } = spawnSync(
    'openssl',
    ['req', ...kind, ...about, '-keyout', made.key, '-out', made.cert],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl failed to make a certificate: ${stderr}`);
  return made;
}
