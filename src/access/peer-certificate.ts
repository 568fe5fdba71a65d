import type { TLSSocket } from 'node:tls';
import type { Certificate } from './gatekeeper';
import type { TlsMaterial } from './open-tls';

/** What the other side of a connection has proven itself with. */
export function peerCertificate(socket: TLSSocket, { clientCa, fingerprint }: TlsMaterial): Certificate {
  const { subject, fingerprint256 } = socket.getPeerCertificate() ?? {};
  if (clientCa === undefined || fingerprint256 === undefined) return { kind: 'none' };
  // If no authority is given, Node would accept those of the web.
  if (socket.authorized && clientCa !== '')
    return { kind: 'trusted', name: String(subject?.CN ?? fingerprint256) };
  return { kind: fingerprint256 === fingerprint ? 'own' : 'foreign' };
}
