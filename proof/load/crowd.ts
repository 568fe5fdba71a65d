import { connect, type Socket } from 'node:net';
import type { Endpoint } from './endpoint';

/** Connections being opened at once: fewer than the backlog of any listening socket. */
const AT_ONCE = 200;

/** Many raw connections to one server. */
export class Crowd {
  readonly sockets = new Set<Socket>();
  readonly #endpoint: Endpoint;
  #made = 0;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Opens `count` connections; `joined` is called with each once it is established. Throws the first error. */
  async join(count: number, joined: (socket: Socket) => Promise<void> | void): Promise<void> {
    let left = count;
    const next = async () => {
      while (left-- > 0) await joined(await this.connect());
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, next));
  }

  connect(): Promise<Socket> {
    const { host, port, sources } = this.#endpoint;
    const localAddress = sources[this.#made++ % sources.length];
    const socket = connect({ host, port, ...(localAddress !== undefined && { localAddress }) });
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return new Promise((resolve, reject) => {
      socket.once('connect', () => {
        socket.on('error', () => undefined);
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }

  disperse(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Resolves with the first bytes received. Rejects if the connection ends first. */
export function firstBytes(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('close', () => reject(new Error('the server closed the connection')));
  });
}
