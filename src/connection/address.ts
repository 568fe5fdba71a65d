import type { Socket } from 'node:net';

/** `host:port`, with brackets around an IPv6 address; IPv4 in IPv6's clothes is shown as IPv4. */
export function formatAddress(host: string, port: number): string {
  const bare = host.startsWith('::ffff:') && host.includes('.') ? host.slice('::ffff:'.length) : host;
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}

/** Address of the other side of a connected socket. */
export function peerAddress(socket: Socket): string {
  return formatAddress(socket.remoteAddress ?? 'unknown', socket.remotePort ?? 0);
}
