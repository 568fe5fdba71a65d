import { readFileSync } from 'node:fs';
import { describeCause, UsageError } from '../errors';
import type { ConnectOptions } from '../index';
import type { Environment } from './settings';

export interface CredentialSettings {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly tokenFile: string | undefined;
  readonly insecure: boolean;
}

/** What proves to the server who this is, and to this side who the server is. Throws USAGE. */
export function credentialsOf(
  settings: CredentialSettings,
  tls: boolean,
  env: Environment,
): Pick<ConnectOptions, 'tls' | 'token' | 'insecure'> {
  const { ca, cert, key, tokenFile, insecure } = settings;
  if (!tls && (ca ?? cert ?? key) !== undefined)
    throw new UsageError('--ca, --cert and --key are about TLS: write the server as resos://HOST.');
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--cert and --key belong together: give both.');
  return {
    tls: tls
      ? { ca: contentOf('--ca', ca), cert: contentOf('--cert', cert), key: contentOf('--key', key) }
      : undefined,
    token: tokenFile === undefined ? env['RESO_TOKEN'] || undefined : firstToken(tokenFile),
    insecure,
  };
}

/** Of a file like the server's, or with nothing but a token in it, the first token. Throws USAGE. */
export function firstToken(path: string): string {
  const lines = contentOf('--token-file', path).split(/\r?\n/);
  const fields = lines
    .map((line) => line.trim().split(/\s+/))
    .find(([first = '']) => !/^(?:#|$)/.test(first));
  const token = fields && (fields[1] ?? fields[0]);
  if (token === undefined) throw new UsageError(`--token-file: there is no token in ${path}.`);
  return token;
}

export function contentOf(option: string, path: string): string;
export function contentOf(option: string, path: string | undefined): string | undefined;
export function contentOf(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${option}: ${path} can't be read: ${describeCause(cause)}.`, { cause });
  }
}
