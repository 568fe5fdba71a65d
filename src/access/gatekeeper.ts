import { ProtocolError } from '../errors';
import { EVERYTHING, grantFor, NOTHING, type Grant } from './grant';
import { findByDigest, tokenDigest } from './token';
import type { TokenLine } from './token-file';

/** What a client presents when it connects. */
export interface Approach {
  /** The connection uses TLS. */
  readonly isEncrypted: boolean;
  /** The client is on this machine. */
  readonly isLocal: boolean;
  /** The client's certificate, if any: `trusted` if a client authority issued it, `own` if it is the server's. */
  readonly certificate: Certificate;
  /** SHA-256 of the client's token. */
  readonly token: Buffer | undefined;
}

export type Certificate =
  { readonly kind: 'none' | 'foreign' | 'own' } | { readonly kind: 'trusted'; readonly name: string };

export interface GatekeeperOptions {
  /** The tokens that are valid now. Undefined: none is needed. */
  readonly tokens?: (() => readonly TokenLine[]) | undefined;
  /** Whether clients need a certificate issued by a client authority. */
  readonly needsCertificate?: boolean | undefined;
  /** Accept tokens over plain connections from other machines too. */
  readonly isInsecure?: boolean | undefined;
}

interface Known {
  readonly digest: Buffer;
  readonly grant: Grant;
}

/** Decides who may connect and what they may read. */
export class Gatekeeper {
  readonly #options: GatekeeperOptions;
  #lines: readonly TokenLine[] = [];
  #known: readonly Known[] = [];

  constructor(options: GatekeeperOptions = {}) {
    this.#options = options;
  }

  /** The tokens that are good now; undefined: none is needed. */
  get tokens(): readonly TokenLine[] | undefined {
    return this.#options.tokens?.();
  }

  /** Whether anybody who reaches the server may read all of it. */
  get isOpen(): boolean {
    return !this.#options.tokens && !this.#options.needsCertificate;
  }

  /** Whether tokens are taken from whoever comes in like this. */
  takesTokens({ isEncrypted, isLocal }: Pick<Approach, 'isEncrypted' | 'isLocal'>): boolean {
    return isEncrypted || isLocal || this.#options.isInsecure === true;
  }

  /** Call this for every request: a token may have been revoked since the last one. Throws UNAUTHORIZED. */
  admit(approach: Approach): Grant {
    const { token, certificate } = approach;
    const { tokens, needsCertificate } = this.#options;
    // Only whoever runs the server has its key: this is a health check.
    if (needsCertificate && certificate.kind === 'own') return NOTHING;
    if (needsCertificate && certificate.kind !== 'trusted') throw refused(CERTIFICATES[certificate.kind]);
    const name = certificate.kind === 'trusted' ? certificate.name : undefined;
    if (!tokens) return name === undefined ? EVERYTHING : grantFor(name);
    if (token === undefined) throw refused('This server requires a token: use --token-file.');
    if (!this.takesTokens(approach)) throw refused('This server accepts tokens over TLS only.');
    const known = findByDigest(this.#knownOf(tokens()), token);
    if (!known) throw refused('The server does not know this token; it may have been revoked.');
    return known.grant;
  }

  #knownOf(lines: readonly TokenLine[]): readonly Known[] {
    if (lines !== this.#lines) {
      this.#lines = lines;
      this.#known = lines.map(({ name, token, prefixes }) => ({
        digest: tokenDigest(token),
        grant: grantFor(name, prefixes),
      }));
    }
    return this.#known;
  }
}

const CERTIFICATES: Readonly<Record<Exclude<Certificate['kind'], 'trusted'>, string>> = {
  none: 'This server requires a client certificate: use --cert and --key.',
  foreign: 'This server does not trust the client certificate.',
  own: '',
};

function refused(message: string): ProtocolError {
  return new ProtocolError('UNAUTHORIZED', message);
}
