import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { describeCause, UsageError } from '../errors';
import { authoritiesIn } from './authorities';
import { WatchedFiles, type Watched } from './watched-files';

/** Paths of PEM files. */
export interface TlsFiles {
  /** The server's certificate, and those between it and a root. */
  readonly cert: string;
  readonly key: string;
  /** Authorities whose certificates clients must have; undefined: they need none. */
  readonly clientCa?: string | undefined;
}

/** What a server proves itself with. */
export interface TlsMaterial extends Identity {
  /** Authorities whose certificates clients must have; empty: none is known, and nobody's will do. */
  readonly clientCa: string | undefined;
}

interface Identity {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, as Node shows it. */
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
 * The material in files, as they are whenever somebody asks. Certificate and key stay those of before where they can't be
 * used. The authorities are looked at apart from them: one that is not in its file any more vouches for nobody, whatever
 * is wrong with the rest. `onFault` hears of it. Throws USAGE.
 */
export function openTls(files: TlsFiles, onFault: (message: string) => void): Watched<TlsMaterial> {
  try {
    const identity = openIdentity(files, onFault);
    const { clientCa } = files;
    return new WatchedTls(identity, clientCa === undefined ? undefined : openAuthorities(clientCa, onFault));
  } catch (cause) {
    throw new UsageError(`The files for TLS can't be used: ${describeCause(cause)}.`, { cause });
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
    onFault(`${reason}. The server goes on with the certificate and key of before.`),
  );
}

/** Throws where certificate and key don't belong together, or one of them is none. */
function identityOf(paths: TlsFiles, cert: string, key: string): Identity {
  const certificate = usable(`${paths.cert} holds no certificate`, () => new X509Certificate(cert));
  const privateKey = usable(`${paths.key} holds no private key`, () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new Error(`${paths.key} is not the key of the certificate in ${paths.cert}`);
  usable(`${paths.cert} and ${paths.key} don't do for TLS`, () =>
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
    onFault(`${reason}. The server goes on with the authorities of before.`),
  );
  hear = (fault) => onFault(`${path} ${fault}. Clients are let in by those alone that can be read.`);
  return file;
}
