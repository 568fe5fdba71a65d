import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultPlan } from './fault-plan';
import type { ConnectionFaults } from './faults';
import { Relay } from './relay';
import { Standstill } from './standstill';

const LOOPBACK = '127.0.0.1';

/** Where the server is. */
export interface FaultProxyOptions {
  /** Host name or address; default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port. */
  readonly port: number;
}

/**
 * A TCP relay on a loopback port of its own that breaks what it carries, as a network does: in both directions, each
 * connection with the faults that were planned for it when it was made. It never reads further ahead than it can send.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #target: FaultProxyOptions;
  readonly #server: Server;
  readonly #relays = new Set<Relay>();
  readonly #plan = new FaultPlan();
  readonly #standstill = new Standstill();
  /** Connections carried so far. */
  connections = 0;
  /** Bytes from the server that were carried, all connections together. */
  bytes = 0;
  /** Bytes from clients that were carried, all connections together. */
  bytesFromClients = 0;

  private constructor(target: FaultProxyOptions) {
    this.#target = target;
    // Else the end of what one side sends would be taken for the end of what it wants to read.
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      this.#accept(socket),
    );
  }

  /** Resolves once connections are accepted. */
  static async start(target: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, LOOPBACK);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Where it listens, as is its `address`: `127.0.0.1:PORT`. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `${LOOPBACK}:${this.port}`;
  }

  /** How many directions of connections stand still now; each connection has two. */
  get stalled(): number {
    return this.#standstill.size;
  }

  /** Faults for the next connections, one argument for each; `{}` for one that is left alone. Throws USAGE. */
  next(...connections: ConnectionFaults[]): this {
    this.#plan.add(connections);
    return this;
  }

  /** Faults for every connection from now on, beside those for it alone, which beat these. Throws USAGE. */
  always(faults: ConnectionFaults): this {
    this.#plan.always(faults);
    return this;
  }

  /** The next connections are reset after so many bytes from the server, one number a connection. Throws USAGE. */
  cutAfter(...bytes: number[]): this {
    this.#plan.addFromServer(bytes.map((cutAfter) => ({ cutAfter })));
    return this;
  }

  /**
   * In the next connections the lowest bit of the byte at this place of what the server sends is turned, one number
   * a connection. Throws USAGE.
   */
  flipAt(...offsets: number[]): this {
    this.#plan.addFromServer(offsets.map((flipAt) => ({ flipAt })));
    return this;
  }

  /** From now on nothing is carried, and no connection ended, until `resume()`. New connections are accepted. */
  stall(): this {
    this.#standstill.begin();
    return this;
  }

  /** Everything that stands still goes on, with no byte lost. */
  resume(): this {
    this.#standstill.end();
    return this;
  }

  /** Closes every connection, whatever it still had to carry, and takes no more. */
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
