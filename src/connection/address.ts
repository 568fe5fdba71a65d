import type { Socket } from 'node:net';

/** `host:port`, with brackets around an IPv6 address; IPv4-mapped addresses are shown as IPv4. */
export function formatAddress(host: string, port: number): string {
  const bare = host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}

/** 127.0.0.0/8 (RFC 1122), also IPv4-mapped, and ::1 (RFC 4291). */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
}

/** Whether the other side is on this machine, so that nobody can listen in. */
export function isSameMachine({ remoteAddress = '', localAddress }: Socket): boolean {
  return remoteAddress !== '' && (isLoopback(remoteAddress) || remoteAddress === localAddress);
}

/** Address of the other side of a connected socket. */
export function peerAddress(socket: Socket): string {
  return formatAddress(socket.remoteAddress ?? 'unknown', socket.remotePort ?? 0);
}
