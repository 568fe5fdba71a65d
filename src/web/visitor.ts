import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import {
  EVERYTHING,
  peerCertificate,
  tokenDigest,
  tokenOfCookie,
  type Approach,
  type Gatekeeper,
  type Grant,
  type TlsMaterial,
} from '../access';
import { formatAddress, isSameMachine } from '../connection';
import { UsageError } from '../errors';
import type { TrustedProxies, WebContext } from './options';

/** The client of a request, according to the connection and trusted proxies. */
export interface Visitor extends Omit<Approach, 'token'> {
  /** The visitor's address, as reported by trusted proxies. */
  readonly address: string;
  /** The same for the log, with the port if known. */
  readonly peer: string;
  /** `https` if the browser used it. */
  readonly scheme: 'http' | 'https';
  /** Whether the request came through a proxy that is not trusted. */
  readonly isBehindStranger: boolean;
}

/** Headers that proxies add. */
const PROXY_FIELDS = [
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'forwarded',
  'via',
] as const;

export function visitorOf(
  request: IncomingMessage,
  proxies: TrustedProxies,
  material: TlsMaterial | undefined,
): Visitor {
  const { socket, headers } = request;
  const isTls = socket instanceof TLSSocket;
  const certificate = isTls && material ? peerCertificate(socket, material) : ({ kind: 'none' } as const);
  const isForwarded = PROXY_FIELDS.some((field) => headers[field] !== undefined);
  const { remoteAddress = '', remotePort = 0 } = socket;
  const isTrusted = isForwarded && proxies.trusts(remoteAddress);
  const named = isTrusted ? addressIn(headers['x-forwarded-for'], proxies) : undefined;
  const isEncrypted = isTls || (isTrusted && lastOf(headers['x-forwarded-proto']) === 'https');
  return {
    certificate,
    isEncrypted,
    // Behind a proxy on this machine, everybody would seem local.
    isLocal: isSameMachine(socket) && !isForwarded,
    isBehindStranger: isForwarded && !isTrusted,
    scheme: isEncrypted ? 'https' : 'http',
    address: named ?? remoteAddress,
    peer: named ?? formatAddress(remoteAddress, remotePort),
  };
}

/** What the visitor may currently read. Throws UNAUTHORIZED. */
export function admit(
  request: IncomingMessage,
  { gatekeeper, proxies }: WebContext,
  material: TlsMaterial | undefined,
): Grant {
  if (gatekeeper.isOpen) return EVERYTHING;
  const visitor = visitorOf(request, proxies, material);
  return gatekeeper.admit({ ...visitor, token: tokenIn(visitor, request, gatekeeper) });
}

/** The name of the cookie. Browsers share cookies between the ports of a host, and `__Host-` needs https. */
export function cookieName({ scheme }: Visitor, { socket }: IncomingMessage): string {
  return `${scheme === 'https' ? '__Host-' : ''}reso-${socket.localPort ?? 0}`;
}

function tokenIn(visitor: Visitor, request: IncomingMessage, { tokens }: Gatekeeper): Buffer | undefined {
  const [, bearer] = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (bearer !== undefined) return tokenDigest(bearer);
  const cookie = cookieOf(visitor, request);
  return cookie === undefined ? undefined : tokenOfCookie(cookie, tokens ?? []);
}

/** The value of our cookie, if the request has it. */
export function cookieOf(visitor: Visitor, request: IncomingMessage): string | undefined {
  const name = cookieName(visitor, request);
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The nearest proxy appends its value: anyone can have sent those before it. */
function lastOf(header: string | readonly string[] | undefined): string | undefined {
  return String(header ?? '')
    .split(',')
    .at(-1)
    ?.trim()
    .toLowerCase();
}

/** Each proxy appends the address it was called from: the last one that is not a trusted proxy is the visitor's. */
function addressIn(header: string | readonly string[] | undefined, { trusts }: TrustedProxies) {
  const hops = String(header ?? '')
    .split(',')
    .map((hop) => hop.trim());
  const from = hops.findLastIndex((hop) => !trusts(hop));
  const address = hops[Math.max(0, from)]!;
  return isIP(address) === 0 ? undefined : address;
}

/** Proxies by address or network: `127.0.0.1`, `10.0.0.0/8`, `fd00::/8`. Throws USAGE. */
export function trustedProxies(texts: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const text of texts) add(list, text);
  return {
    isEmpty: texts.length === 0,
    trusts: (address) => {
      const bare = address.replace(/^::ffff:(?=\d+\.)/i, '');
      return isIP(bare) !== 0 && list.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

function add(list: BlockList, text: string): void {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const type = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const most = type === 'ipv6' ? 128 : 32;
  if (isIP(address) === 0 || Number(bits ?? 0) > most)
    throw new UsageError(
      `trustProxy (--trust-proxy) takes addresses and networks, such as 127.0.0.1 or 10.0.0.0/8, not '${text}'.`,
    );
  list.addSubnet(address, Number(bits ?? most), type);
}
