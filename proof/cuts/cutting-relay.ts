import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../load/endpoint';

/** Towards the server, or from it. */
export type Direction = 'up' | 'down';

export interface Cut {
  readonly direction: Direction;
  /** Bytes that pass before the cut. */
  readonly after: number;
}

/** A relay that cuts the first connection at one place and carries all others completely. */
export class CuttingRelay implements AsyncDisposable {
  readonly #target: Endpoint;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What the first connection carried. */
  readonly carried: Record<Direction, Buffer[]> = { up: [], down: [] };
  connections = 0;

  private constructor(target: Endpoint, cut: Cut | undefined) {
    this.#target = target;
    this.#server = createServer((client) => this.#carry(client, this.connections++ === 0 ? cut : undefined));
  }

  static async start(target: Endpoint, cut?: Cut): Promise<CuttingRelay> {
    const relay = new CuttingRelay(target, cut);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #carry(client: Socket, cut: Cut | undefined): void {
    const { host, port } = this.#target;
    const upstream = connect({ host, port, noDelay: true });
    client.setNoDelay();
    this.#join('up', client, upstream, cut);
    this.#join('down', upstream, client, cut);
  }

  #join(direction: Direction, from: Socket, to: Socket, cut: Cut | undefined): void {
    const isFirst = this.connections === 1;
    let left = cut?.direction === direction ? cut.after : Infinity;
    this.#sockets.add(from);
    if (left === 0) to.once('connect', () => sever(from, to)).once('ready', () => sever(from, to));
    from.on('data', (chunk) => {
      const kept = left < chunk.length ? chunk.subarray(0, left) : chunk;
      left -= kept.length;
      if (isFirst) this.carried[direction].push(Buffer.from(kept));
      if (left <= 0) to.write(kept, () => sever(from, to));
      else if (!to.write(kept)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}

function sever(one: Socket, other: Socket): void {
  one.destroy();
  other.destroy();
}
