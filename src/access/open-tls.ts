import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { describeCause, UsageError } from '../errors';
import { authoritiesIn } from './authorities';
import { WatchedFiles, type Watched } from './watched-files';

/** Paths of PEM files. */
export interface TlsFiles {
  /** The server's certificate, followed by any intermediate certificates. */
  readonly cert: string;
  readonly key: string;
  /** Authorities that must have issued the clients' certificates; undefined: clients need none. */
  readonly clientCa?: string | undefined;
}

/** What a server proves its identity with. */
export interface TlsMaterial extends Identity {
  /** Authorities that must have issued the clients' certificates; empty: none is usable, so nobody gets in. */
  readonly clientCa: string | undefined;
}

interface Identity {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, in Node's notation. */
  readonly fingerprint: string;
}

/** Settings of every secure context: nothing older than TLS 1.3. */
export const TLS_VERSION = { minVersion: 'TLSv1.3' } as const;

/** Settings of a server with this material. Without tickets each connection proves itself anew. */
export function tlsSettings({ cert, key, clientCa }: TlsMaterial) {
  return {
    ...TLS_VERSION,
    ...{ cert, key, ca: clientCa },
    secureOptions: constants.SSL_OP_NO_TICKET,
    // A client without a good certificate is told so by an error that it can explain, and not by the handshake.
    requestCert: clientCa !== undefined,
    rejectUnauthorized: false,
  };
}

/**
 * The contents of the files, up to date on every access. If the new certificate and key can't be used, the previous ones
 * stay. The authorities are checked separately: one that was removed from its file is no longer trusted, whatever is wrong
 * with the rest. `onFault` is told of problems. Throws USAGE.
 */
export function openTls(files: TlsFiles, onFault: (message: string) => void): Watched<TlsMaterial> {
  try {
    const identity = openIdentity(files, onFault);
    const { clientCa } = files;
    return new WatchedTls(identity, clientCa === undefined ? undefined : openAuthorities(clientCa, onFault));
  } catch (cause) {
    throw new UsageError(`Can't use the TLS files: ${describeCause(cause)}.`, { cause });
  }
}

class WatchedTls implements Watched<TlsMaterial> {
  readonly #identity: Watched<Identity>;
  readonly #authorities: Watched<string> | undefined;
  #last: { readonly identity: Identity; readonly material: TlsMaterial } | undefined;

  constructor(identity: Watched<Identity>, authorities: Watched<string> | undefined) {
    this.#identity = identity;
    this.#authorities = authorities;
  }

  get value(): TlsMaterial {
    const identity = this.#identity.value;
    const clientCa = this.#authorities?.value;
    if (this.#last?.identity !== identity || this.#last.material.clientCa !== clientCa)
      this.#last = { identity, material: { ...identity, clientCa } };
    return this.#last.material;
  }

  lookAgain(): void {
    this.#identity.lookAgain();
    this.#authorities?.lookAgain();
  }
}

function openIdentity(files: TlsFiles, onFault: (message: string) => void): Watched<Identity> {
  const parse = ([cert = '', key = '']: readonly string[]) => identityOf(files, cert, key);
  return new WatchedFiles([files.cert, files.key], parse, (reason) =>
    onFault(`${reason}. Keeping the previous certificate and key.`),
  );
}

/** Throws if the certificate and key don't match, or one of them is not valid. */
function identityOf(paths: TlsFiles, cert: string, key: string): Identity {
  const certificate = usable(`${paths.cert} contains no certificate`, () => new X509Certificate(cert));
  const privateKey = usable(`${paths.key} contains no private key`, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new Error(`${paths.key} is not the key of the certificate in ${paths.cert}`);
  usable(`${paths.cert} and ${paths.key} contain no key pair`, () =>
    createSecureContext({ ...TLS_VERSION, cert, key }),
  );
  return { cert, key, fingerprint: certificate.fingerprint256 };
}

function usable<T>(otherwise: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new Error(`${otherwise} that can be used (${describeCause(cause)})`, { cause });
  }
}

function openAuthorities(path: string, onFault: (message: string) => void): Watched<string> {
  let hear = (fault: string): void => {
    throw new Error(`${path} ${fault}`);
  };
  const parse = ([pem = '']: readonly string[]) => {
    const { authorities, fault } = authoritiesIn(pem);
    if (fault !== undefined) hear(fault);
    return authorities;
  };
  const file = new WatchedFiles([path], parse, (reason) =>
    onFault(`${reason}. Keeping the previous authorities.`),
  );
  hear = (fault) => onFault(`${path} ${fault}. Only the readable certificates are trusted.`);
  return file;
}
