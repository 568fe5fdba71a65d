import { isIPv6 } from 'node:net';
import { UsageError } from '../../errors';
import { integerFrom } from './parse';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 5005;

export interface ServerAddress {
  readonly host: string;
  /** Undefined if none was given. */
  readonly port?: number | undefined;
  /** Whether TLS was asked for. */
  readonly tls?: boolean;
}

export const clientPort = integerFrom(1, 65_535);

/** Looks for colons first: the first call of isIPv6 builds a large expression, which takes longer than everything else here. */
const isBareIPv6 = (text: string) => text.split(':', 3).length === 3 && isIPv6(text);

const MAX_HOST = 255;

/** `HOST`, `HOST:PORT`, `[IPv6]:PORT` or a bare IPv6 address, optionally after `reso://`, or `resos://` for TLS. */
export function parseServer(text: string): ServerAddress {
  const { rest, tls } = withoutScheme(text);
  const [host, port] = split(rest);
  const end = rest.includes('/') ? ', without a path' : '';
  if (!isHost(host) || end !== '')
    throw new UsageError(
      `must be HOST, HOST:PORT, reso://HOST:PORT or resos://HOST:PORT${end}, not '${text}'`,
    );
  return { host, ...(port !== undefined && { port: parsePort(port) }), ...(tls && { tls }) };
}

/** The servers in a list separated by commas; the variable holds several like this. */
export function parseServers(text: string): readonly ServerAddress[] {
  return text.split(',').map((one) => parseServer(one.trim()));
}

function parsePort(text: string): number {
  try {
    return clientPort(text);
  } catch (cause) {
    throw new UsageError(`has a port that ${(cause as Error).message}`, { cause });
  }
}

function withoutScheme(text: string): { rest: string; tls: boolean } {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined) return { rest: text, tls: false };
  const tls = scheme.toLowerCase() === 'resos';
  if (!tls && scheme.toLowerCase() !== 'reso')
    throw new UsageError(`must begin with reso:// or resos://, not ${scheme}://`);
  return { rest: rest.replace(/\/$/, ''), tls };
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
  return host.length <= MAX_HOST && !host.startsWith('-') && /^[^\s\0,:/@?#[\]\\]+$/.test(host);
}
