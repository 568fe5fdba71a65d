import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import * as tls from 'node:tls';
import { ConnectionError, describeCause, UsageError } from '../../errors';
import { discard } from './race';
import type { Settings, TlsOptions } from './settings';

/** Errors of OpenSSL and Node that say something of the certificate, and not of the way there. */
const OF_CERTIFICATE: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody vouches for its certificate but itself; --ca names whom to trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is by nobody known here; --ca names whom to trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is by nobody known here; --ca names whom to trust',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is by nobody known here; --ca names whom to trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is by nobody known here; --ca names whom to trust',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_REJECTED: 'its certificate is not good for this',
  CERT_UNTRUSTED: 'its certificate is not good for this',
  INVALID_PURPOSE: 'its certificate is not good for this',
  CERT_SIGNATURE_FAILURE: 'its certificate is not genuine',
};

/** Errors of OpenSSL that say that what came is no TLS at all. */
const NO_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** Connects, and speaks TLS as soon as that is done. What it gives throws USAGE. */
export function opener(host: string, tls: TlsOptions): (options: TcpNetConnectOpts) => Socket {
  const servername = isIP(host) === 0 ? host : undefined;
  let trust: ConnectionOptions | undefined;
  return (options) => {
    try {
      trust ??= trustOf(tls);
      return connect({ ...options, servername, minVersion: 'TLSv1.3', ...trust });
    } catch (cause) {
      throw new UsageError(`The certificates or the key for TLS can't be used: ${describeCause(cause)}.`, {
        cause,
      });
    }
  };
}

/**
 * Resolves once the server has proven who it is. Rejects with UNTRUSTED where it does not, and with the reason of `quit`
 * once that is given.
 */
export function secured(
  { address }: Pick<Settings, 'address'>,
  socket: Socket,
  quit: AbortSignal,
): Promise<void> {
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
      fail(new ConnectionError('UNTRUSTED', `${address} can't be trusted: ${why}.`, { address, cause }));
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
    // It need not be a root: it is the one that is expected, or none is.
    allowPartialTrustChain: true,
    checkServerIdentity: (_, found) =>
      found.fingerprint256 === fingerprint256 ? undefined : new Error('it has another certificate'),
  };
}

/** Node has a sentence of its own where the other side closes the connection. */
function describe(cause: NodeJS.ErrnoException): Error {
  if (cause.code !== 'ECONNRESET' || cause.syscall !== undefined) return cause;
  return new Error('it closed the connection instead of answering in TLS', { cause });
}

/** Why the server can't be trusted, if that is what an error of the handshake says. */
function whyUntrusted(error: NodeJS.ErrnoException): string | undefined {
  const code = error.code ?? '';
  if (code === '' && error.message === 'it has another certificate') return error.message;
  if (NO_TLS.has(code)) return 'it does not speak TLS. For a server of reso without TLS, use reso://';
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO')
    return 'it does not answer in TLS 1.3, or does not trust this side';
  return OF_CERTIFICATE[code];
}

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
