import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeCause, UsageError } from '../../errors';
import type { ConnectOptions } from '../../index';
import type { Environment } from './settings';

export interface CredentialSettings {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly tokenFile: string | undefined;
  readonly insecure: boolean;
}

/** What identifies this client to the server, and the server to this client. Throws USAGE. */
export function credentialsOf(
  settings: CredentialSettings,
  tls: boolean,
  env: Environment,
): Pick<ConnectOptions, 'tls' | 'token' | 'insecure'> {
  const { ca, cert, key, tokenFile, insecure } = settings;
  if (!tls && (ca ?? cert ?? key) !== undefined)
    throw new UsageError('--ca, --cert and --key need TLS: write the server as resos://HOST.');
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--cert and --key go together: give both.');
  return {
    tls: tls ? { ca: authoritiesOf(ca), ...identityOf(cert, key) } : undefined,
    // A secret that is mounted or piped often ends in a newline.
    token: tokenFile === undefined ? env['RESO_TOKEN']?.trim() || undefined : firstToken(tokenFile),
    insecure,
  };
}

function authoritiesOf(path: string | undefined): string | undefined {
  const pem = contentOf('--ca', path);
  if (pem !== undefined) usable('--ca', path!, 'certificate', () => new X509Certificate(pem));
  return pem;
}

/** Checks the files here, because TLS would not say which one is wrong or what to do. */
function identityOf(
  certPath: string | undefined,
  keyPath: string | undefined,
): { cert?: string; key?: string } {
  if (certPath === undefined || keyPath === undefined) return {};
  const [cert, key] = [contentOf('--cert', certPath), contentOf('--key', keyPath)];
  const certificate = usable('--cert', certPath, 'certificate', () => new X509Certificate(cert));
  const privateKey = usable('--key', keyPath, 'private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new UsageError(`--key: ${keyPath} is not the key of the certificate in ${certPath}.`);
  return { cert, key };
}

function usable<T>(option: string, path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    const why = describeCause(cause);
    throw new UsageError(`${option}: ${path} does not contain a usable ${what} (${why}).`, { cause });
  }
}

function firstToken(path: string): string {
  const token = firstTokenIn(path);
  if (token === undefined) throw new UsageError(`--token-file: ${path} contains no token.`);
  return token;
}

/** The first token in a file like the server's, or in one with just a token. Throws USAGE. */
export function firstTokenIn(path: string): string | undefined {
  const lines = contentOf('--token-file', path).split(/\r?\n/);
  const fields = lines
    .map((line) => line.trim().split(/\s+/))
    .find(([first = '']) => !/^(?:#|$)/.test(first));
  return fields && (fields[1] ?? fields[0]);
}

export function contentOf(option: string, path: string): string;
export function contentOf(option: string, path: string | undefined): string | undefined;
export function contentOf(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${option}: can't read ${path}: ${describeCause(cause)}.`, { cause });
  }
}
