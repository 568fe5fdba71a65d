import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultPlan } from './fault-plan';
import type { ConnectionFaults } from './faults';
import { Relay } from './relay';
import { Standstill } from './standstill';

const LOOPBACK = '127.0.0.1';

/** Where the server listens. */
export interface FaultProxyOptions {
  /** Host name or address; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port. */
  readonly port: number;
}

/**
 * A TCP relay on its own loopback port that breaks what it carries, as a network does: in both directions, each connection
 * with the faults that were planned for it when it was opened. It never reads further ahead than it can send.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #target: FaultProxyOptions;
  readonly #server: Server;
  readonly #relays = new Set<Relay>();
  readonly #plan = new FaultPlan();
  readonly #standstill = new Standstill();
  /** Connections carried so far. */
  connections = 0;
  /** Bytes carried from the server, over all connections. */
  bytes = 0;
  /** Bytes carried from clients, over all connections. */
  bytesFromClients = 0;

  private constructor(target: FaultProxyOptions) {
    this.#target = target;
    // Otherwise a side that ends its stream would be taken for one that no longer reads.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** Resolves once the proxy accepts connections. */
  static async start(target: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, LOOPBACK);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The port on which it listens; `address` is `127.0.0.1:PORT`. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `${LOOPBACK}:${this.port}`;
  }

  /** How many directions of connections are stalled now; each connection has two. */
  get stalled(): number {
    return this.#standstill.size;
  }

  /** Faults for the next connections, one argument each; `{}` for one without faults. Throws USAGE. */
  next(...connections: ConnectionFaults[]): this {
    this.#plan.add(connections);
    return this;
  }

  /** Faults for every connection from now on; those for a single connection take precedence. Throws USAGE. */
  always(faults: ConnectionFaults): this {
    this.#plan.always(faults);
    return this;
  }

  /** Resets the next connections after this many bytes from the server, one number per connection. Throws USAGE. */
  cutAfter(...bytes: number[]): this {
    this.#plan.addFromServer(bytes.map((cutAfter) => ({ cutAfter })));
    return this;
  }

  /**
   * In the next connections, flips the lowest bit of the byte at this offset of what the server sends, one number per
   * connection. Throws USAGE.
   */
  flipAt(...offsets: number[]): this {
    this.#plan.addFromServer(offsets.map((flipAt) => ({ flipAt })));
    return this;
  }

  /** Carries nothing and closes no connection until `resume()`. New connections are still accepted. */
  stall(): this {
    this.#standstill.begin();
    return this;
  }

  /** Everything that is stalled continues, without losing a byte. */
  resume(): this {
    this.#standstill.end();
    return this;
  }

  /** Closes all connections, even those that still had something to carry, and accepts no more. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const relay of this.#relays) relay.close();
    await Promise.all([closed, ...[...this.#relays].map(({ done }) => done)]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(client: Socket): void {
    const { host = LOOPBACK, port } = this.#target;
    const server = connect({ host, port, allowHalfOpen: true });
    const { fromServer, fromClient } = this.#plan.take();
    this.connections++;
    const down = { source: server, sink: client, faults: fromServer };
    const up = { source: client, sink: server, faults: fromClient };
    const relay = new Relay(
      [
        { ...down, count: (bytes) => (this.bytes += bytes) },
        { ...up, count: (bytes) => (this.bytesFromClients += bytes) },
      ],
      this.#standstill,
    );
    this.#relays.add(relay);
    void relay.done.then(() => this.#relays.delete(relay));
  }
}
