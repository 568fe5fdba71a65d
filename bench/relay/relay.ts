import { once } from 'node:events';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';

import { Flow } from './flow';
import { Line, type LineOptions } from './line';

export interface RelayOptions extends LineOptions {
  readonly window: number;
}

/** Simulates a long link on loopback. Both directions have the same limits, independently. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #up: Line;
  readonly #down: Line;
  readonly #onDown: (bytes: number) => void;
  readonly #servers = new Set<Server>();

  constructor(options: RelayOptions, onDown: (bytes: number) => void) {
    this.#options = options;
    this.#up = new Line(options);
    this.#down = new Line(options);
    this.#onDown = onDown;
  }

  /** Opens a port that forwards to the target. */
  async open(target: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
      this.#carry(client, target),
    );
    this.#servers.add(server);
    server.listen(0, '127.0.0.1', 1024);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  /** Accepts no more connections. */
  close(): void {
    for (const server of this.#servers) server.close();
  }

  /** On loopback the client is connected at once, so the cost of a round trip is waited for here. */
  #carry(client: Socket, target: number): void {
    const { delayMs, window } = this.#options;
    const upstream = new Socket({ allowHalfOpen: true });
    const common = { delayMs, window };
    client.on('error', () => {});
    setTimeout(() => {
      this.#up.send(0, () => upstream.connect({ port: target, host: '127.0.0.1', noDelay: true }));
      new Flow({ ...common, source: client, target: upstream, line: this.#up, onDelivered: () => {} });
      new Flow({ ...common, source: upstream, target: client, line: this.#down, onDelivered: this.#onDown });
    }, 2 * delayMs);
  }
}
