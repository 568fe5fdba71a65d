import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import * as tls from 'node:tls';
import { ConnectionError, describeCause, UsageError } from '../../errors';
import { discard } from './race';
import type { TlsOptions } from './settings';

/** Errors of OpenSSL and Node about the certificate, not the connection. */
const OF_CERTIFICATE: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for a different host name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; use --ca to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate was issued by an unknown authority; use --ca to trust one',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate was issued by an unknown authority; use --ca to trust one',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate was issued by an unknown authority; use --ca to trust one',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate was issued by an unknown authority; use --ca to trust one',
  CERT_REVOKED: 'its certificate has been revoked',
  CERT_REJECTED: 'its certificate is not valid for a server',
  CERT_UNTRUSTED: 'its certificate is not valid for a server',
  INVALID_PURPOSE: 'its certificate is not valid for a server',
  CERT_SIGNATURE_FAILURE: 'its certificate has an invalid signature',
};

/** Errors of OpenSSL for answers that are not TLS at all. */
const NO_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/**
 * Returns a function that connects and then starts TLS with `host`, which is what the certificate is checked against,
 * whichever of its addresses was taken. The function throws USAGE.
 */
export function opener(tls: TlsOptions): (host: string, options: TcpNetConnectOpts) => Socket {
  let trust: ConnectionOptions | undefined;
  return (host, options) => {
    const servername = isIP(host) === 0 ? host : undefined;
    try {
      trust ??= trustOf(tls);
      return connect({ ...options, servername, minVersion: 'TLSv1.3', ...trust });
    } catch (cause) {
      throw new UsageError(`Can't use the TLS certificates or key: ${describeCause(cause)}.`, {
        cause,
      });
    }
  };
}

/**
 * Resolves once the server has proven its identity. Rejects with UNTRUSTED if it does not, and with the reason of `quit`
 * when that is aborted.
 */
export function secured(address: string, socket: Socket, quit: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      quit.removeEventListener('abort', abandon);
      socket.off('error', failed);
    };
    const fail = (error: Error) => {
      end();
      discard(socket);
      reject(error);
    };
    const failed = (cause: Error) => {
      const why = whyUntrusted(cause);
      if (why === undefined) return fail(describe(cause));
      fail(new ConnectionError('UNTRUSTED', `Can't trust ${address}: ${why}.`, { address, cause }));
    };
    const abandon = () => fail(quit.reason as Error);
    quit.addEventListener('abort', abandon);
    socket.once('error', failed);
    socket.once('secureConnect', () => {
      end();
      resolve();
    });
  });
}

function trustOf({ ca, cert, key, pinned }: TlsOptions): ConnectionOptions {
  if (pinned === undefined) return { ca: ca ?? systemRoots(), cert, key };
  const { fingerprint256 } = new X509Certificate(pinned);
  return {
    ...{ ca: pinned, cert, key },
    // It need not be a root: only this very certificate is accepted.
    allowPartialTrustChain: true,
    checkServerIdentity: (_, found) =>
      found.fingerprint256 === fingerprint256 ? undefined : new Error('it has a different certificate'),
  };
}

/** Node has a message of its own if the other side closes the connection. */
function describe(cause: NodeJS.ErrnoException): Error {
  if (cause.code !== 'ECONNRESET' || cause.syscall !== undefined) return cause;
  return new Error('it closed the connection during the TLS handshake', { cause });
}

/** Why the server can't be trusted, if that is what an error of the handshake means. */
function whyUntrusted(error: NodeJS.ErrnoException): string | undefined {
  const code = error.code ?? '';
  if (code === '' && error.message === 'it has a different certificate') return error.message;
  if (NO_TLS.has(code)) return 'it does not speak TLS. For a reso server without TLS, use reso://';
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return 'it does not support TLS 1.3, or it rejected the connection';
  return OF_CERTIFICATE[code];
}

/** Where systems keep their trusted authorities in one file: Debian and Alpine, Fedora, openSUSE, macOS and BSD. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Available in Node 22.15 and later. */
type Newer = Partial<{ getCACertificates(kind: 'default' | 'system'): string[] }>;

/** The authorities that this system trusts and those built into Node, all in PEM. */
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
      // Try the next one.
    }
  }
  return [];
}
