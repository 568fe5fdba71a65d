import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { describeCause, UsageError } from '../errors';
import { WatchedFiles } from './watched-files';

/** Paths of PEM files. */
export interface TlsFiles {
  /** The server's certificate, and those between it and a root. */
  readonly cert: string;
  readonly key: string;
  /** Authorities whose certificates clients must have; undefined: they need none. */
  readonly clientCa?: string | undefined;
}

/** What a server proves itself with. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  /** SHA-256 of the certificate, as Node shows it. */
  readonly fingerprint: string;
}

/** Settings of every secure context: nothing older than TLS 1.3. */
export const TLS_VERSION = { minVersion: 'TLSv1.3' } as const;

/** The material in files, as they are whenever somebody asks. `onFault` hears why they can't be used any more. Throws USAGE. */
export function openTls(
  { cert, key, clientCa }: TlsFiles,
  onFault: (message: string) => void,
): () => TlsMaterial {
  const paths = clientCa === undefined ? [cert, key] : [cert, key, clientCa];
  const sentence = (reason: string) => `The TLS files ${paths.join(', ')} can't be used: ${reason}.`;
  try {
    const files = new WatchedFiles(paths, parse, (reason) =>
      onFault(`${sentence(reason)} The certificate of before holds on.`),
    );
    return () => files.value;
  } catch (cause) {
    throw new UsageError(sentence(describeCause(cause)), { cause });
  }
}

/** Throws where certificate and key don't belong together, or one of them is none. */
function parse([cert = '', key = '', clientCa]: readonly string[]): TlsMaterial {
  contextOf({ cert, key, clientCa });
  if (clientCa !== undefined) new X509Certificate(clientCa);
  return { cert, key, clientCa, fingerprint: new X509Certificate(cert).fingerprint256 };
}

export function contextOf({ cert, key, clientCa }: Omit<TlsMaterial, 'fingerprint'>): SecureContext {
  return createSecureContext({ ...TLS_VERSION, cert, key, ca: clientCa });
}
