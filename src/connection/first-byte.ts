import type { Socket } from 'node:net';

/** Type of the record that a TLS client begins with: RFC 8446, 5.1. */
export const TLS_HANDSHAKE = 0x16;

/**
 * Waits for the first bytes of a connection, leaves them there to be read, and tells whether the client speaks TLS. A
 * client that sends nothing for `timeout` milliseconds is disconnected.
 */
export function onFirstBytes(socket: Socket, timeout: number, heard: (isTls: boolean) => void): void {
  const timer = setTimeout(() => socket.destroy(), timeout);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', ignore);
  socket.once('data', (bytes: Buffer) => {
    clearTimeout(timer);
    socket.pause();
    socket.off('error', ignore);
    socket.unshift(bytes);
    heard(bytes[0] === TLS_HANDSHAKE);
  });
}

const ignore = () => undefined;
