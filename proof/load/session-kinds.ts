import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from '../../src/protocol';

/** A kind of session, from after its HELLO to the end of its socket. */
export type SessionKind = (socket: Socket) => Promise<void>;

/** Milliseconds for which a reader that reads nothing stays connected. */
const STALL = 100;
/** Bytes that a reader takes before it disconnects. */
const TAKEN = 300_000;

export const SESSIONS: Readonly<Record<string, SessionKind>> = {
  clean: (socket) => {
    socket.resume();
    socket.end(
      Buffer.concat([encode.list(1, {}), encode.get(2, { name: 'a.jpg' }), encode.stat(3, { name: 'x' })]),
    );
    return Promise.resolve();
  },

  cut: (socket) => {
    socket.write(encode.get(1, { name: 'large.tif' }));
    socket.on('data', () => void (socket.bytesRead > TAKEN && socket.resetAndDestroy()));
    return Promise.resolve();
  },

  garbage: (socket) => {
    socket.resume();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    return Promise.resolve();
  },

  cancelled: (socket) => {
    socket.resume();
    const gets = [1, 2, 3, 4].map((id) => encode.get(id, { name: 'large.tif' }));
    socket.end(Buffer.concat([...gets, ...[4, 3, 2, 1].map((id) => encode.cancel(id))]));
    return Promise.resolve();
  },

  stalled: async (socket) => {
    for (let id = 1; id <= 8; id++) socket.write(encode.get(id, { name: 'large.tif' }));
    await sleep(STALL);
    socket.destroy();
  },

  'half-closed': (socket) => {
    socket.end();
    socket.resume();
    return Promise.resolve();
  },
};
