import type { Socket } from 'node:net';

/** `host:port`, with brackets around an IPv6 address; IPv4 in IPv6's clothes is shown as IPv4. */
export function formatAddress(host: string, port: number): string {
  const bare = host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}

/** 127.0.0.0/8 (RFC 1122) and ::1 (RFC 4291), the former also in IPv6's clothes. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
}

/** Whether the other side is on this very machine, so that nobody is on the way. */
export function isSameMachine({ remoteAddress = '', localAddress }: Socket): boolean {
  return remoteAddress !== '' && (isLoopback(remoteAddress) || remoteAddress === localAddress);
}

/** Address of the other side of a connected socket. */
export function peerAddress(socket: Socket): string {
  return formatAddress(socket.remoteAddress ?? 'unknown', socket.remotePort ?? 0);
}
