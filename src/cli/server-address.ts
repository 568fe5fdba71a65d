import { isIPv6 } from 'node:net';
import { UsageError } from '../errors';
import { integerFrom } from './parse';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 5005;

export interface ServerAddress {
  readonly host: string;
  /** Undefined where none was written. */
  readonly port?: number | undefined;
}

export const clientPort = integerFrom(1, 65_535);

/** Node builds its expression for IPv6 at the first call, which takes longer than all the rest here. */
const isBareIPv6 = (text: string) => text.split(':', 3).length === 3 && isIPv6(text);

const MAX_HOST = 255;

/** `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address, each also behind `reso://`. */
export function parseServer(text: string): ServerAddress {
  const [host, port] = split(withoutScheme(text));
  if (!isHost(host)) throw new UsageError(`must be HOST, HOST:PORT or reso://HOST:PORT, not '${text}'`);
  return port === undefined ? { host } : { host, port: parsePort(port) };
}

function parsePort(text: string): number {
  try {
    return clientPort(text);
  } catch (cause) {
    throw new UsageError(`has a port that ${(cause as Error).message}`, { cause });
  }
}

function withoutScheme(text: string): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined) return text;
  if (scheme.toLowerCase() === 'resos')
    throw new UsageError('asks for TLS, which this version does not support yet');
  if (scheme.toLowerCase() !== 'reso') throw new UsageError(`must begin with reso://, not ${scheme}://`);
  return rest!.replace(/\/$/, '');
}

function split(text: string): [host: string, port?: string | undefined] {
  if (isBareIPv6(text)) return [text];
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  if (bracketed) return isIPv6(bracketed[1]!) ? [bracketed[1]!, bracketed[2]] : [''];
  const colon = text.indexOf(':');
  return colon === -1 ? [text] : [text.slice(0, colon), text.slice(colon + 1)];
}

function isHost(host: string): boolean {
  if (isBareIPv6(host)) return true;
  return host.length <= MAX_HOST && !host.startsWith('-') && /^[^\s\0:/@?#[\]\\]+$/.test(host);
}
