import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface FaultProxyOptions {
  readonly host?: string;
  readonly port: number;
}

/**
 * A TCP relay on a port of its own that breaks what it carries, as a network does. Faults apply to connections that are
 * made after they were set, and to what the server sends.
 */
export class FaultProxy {
  readonly #target: FaultProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cutAfter: number[] = [];
  #flipAt: number[] = [];
  #stalled = false;
  /** Connections carried so far. */
  connections = 0;
  /** Bytes that the server sent, all connections together. */
  bytes = 0;

  private constructor(target: FaultProxyOptions) {
    this.#target = target;
    this.#server = createServer((socket) => this.#carry(socket));
  }

  static async start(target: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The next connections are reset after so many bytes from the server, one number a connection. */
  cutAfter(...bytes: number[]): this {
    this.#cutAfter.push(...bytes);
    return this;
  }

  /** In the next connections the lowest bit of the byte at this place is turned, one number a connection. */
  flipAt(...offsets: number[]): this {
    this.#flipAt.push(...offsets);
    return this;
  }

  /** Nothing more is carried, and no connection ended. */
  stall(): this {
    this.#stalled = true;
    for (const socket of this.#sockets) socket.pause();
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #carry(client: Socket): void {
    const upstream = connect({ host: this.#target.host ?? '127.0.0.1', port: this.#target.port });
    const cut = this.#cutAfter.shift() ?? Infinity;
    const flip = this.#flipAt.shift();
    let carried = 0;
    this.connections++;
    this.#keep(client, upstream);
    this.#keep(upstream, client);
    client.on('data', (chunk) => void upstream.write(chunk));
    upstream.on('data', (chunk) => {
      if (flip !== undefined && flip >= carried && flip < carried + chunk.length) chunk[flip - carried]! ^= 1;
      const kept = chunk.subarray(0, Math.max(0, cut - carried));
      carried += chunk.length;
      this.bytes += kept.length;
      if (carried >= cut) client.end(kept, () => client.resetAndDestroy());
      else if (!client.write(kept)) upstream.pause();
    });
    client.on('drain', () => void (this.#stalled || upstream.resume()));
  }

  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    if (this.#stalled) socket.pause();
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}
