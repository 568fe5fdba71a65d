import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { Certificate } from './gatekeeper';
import type { TlsMaterial } from './open-tls';

const PEM = /-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g;
/** Certificates of a chain that are looked at. */
const LONGEST = 10;

interface Judgement {
  /** The authorities that it depends on. */
  readonly clientCa: string;
  /** When a certificate of the chain expires, in milliseconds since 1970. */
  readonly until: number;
  readonly certificate: Certificate;
}

const judgements = new WeakMap<TLSSocket, Judgement>();

/**
 * What the other side of a connection has proven itself with. Call this for every request: the authorities may have been
 * replaced since the handshake, or the certificate may have expired.
 */
export function peerCertificate(socket: TLSSocket, material: TlsMaterial): Certificate {
  const { clientCa } = material;
  if (clientCa === undefined) return { kind: 'none' };
  const known = judgements.get(socket);
  if (known?.clientCa === clientCa && Date.now() < known.until) return known.certificate;
  const judgement = judge(socket, clientCa, material.fingerprint);
  judgements.set(socket, judgement);
  return judgement.certificate;
}

function judge(socket: TLSSocket, clientCa: string, fingerprint: string): Judgement {
  const chain = chainOf(socket);
  const [leaf] = chain;
  if (!leaf) return { clientCa, until: Infinity, certificate: { kind: 'none' } };
  const until = socket.authorized ? trustedUntil(chain, clientCa) : undefined;
  if (until !== undefined) {
    const name = String(socket.getPeerCertificate().subject?.CN ?? leaf.fingerprint256);
    return { clientCa, until, certificate: { kind: 'trusted', name } };
  }
  const kind = leaf.fingerprint256 === fingerprint ? 'own' : 'foreign';
  return { clientCa, until: Infinity, certificate: { kind } };
}

/** The certificate and its issuers, as far as they are known. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerCertificate(true) as Partial<ReturnType<typeof socket.getPeerCertificate>> | null;
  while (next?.raw && chain.length < LONGEST) {
    chain.push(new X509Certificate(next.raw));
    const { issuerCertificate } = next as { issuerCertificate?: typeof next };
    next = issuerCertificate === next ? null : (issuerCertificate ?? null);
  }
  return chain;
}

/** Until when the chain leads to one of the authorities; undefined if it does not. The handshake has checked the rest of it. */
function trustedUntil(chain: readonly X509Certificate[], clientCa: string): number | undefined {
  const authorities = (clientCa.match(PEM) ?? [])
    .map((pem) => new X509Certificate(pem))
    .filter((one) => isIssuer(one, one));
  let until = Infinity;
  for (const [i, certificate] of chain.entries()) {
    until = Math.min(until, Date.parse(certificate.validTo));
    if (!(Date.now() < until)) return undefined;
    const authority = authorities.find(
      (one) => one.fingerprint256 === certificate.fingerprint256 || isIssuer(one, certificate),
    );
    if (authority) return atMost(Date.parse(authority.validTo), until);
    const next = chain[i + 1];
    if (!next?.ca || !isIssuer(next, certificate)) return undefined;
  }
  return undefined;
}

function atMost(end: number, until: number): number | undefined {
  return Date.now() < end ? Math.min(end, until) : undefined;
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
