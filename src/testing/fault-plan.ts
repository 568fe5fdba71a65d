import { checkFaults } from './check-faults';
import type { ConnectionFaults, Faults } from './faults';

/** Which faults the coming connections have. */
export class FaultPlan {
  readonly #next: ConnectionFaults[] = [];
  #always: ConnectionFaults = {};

  /** One for each connection, behind what is planned already. Throws USAGE. */
  add(connections: readonly ConnectionFaults[]): void {
    connections.forEach(checkFaults);
    this.#next.push(...connections);
  }

  /** For every connection, beside what is planned for it alone, which beats this. Throws USAGE. */
  always(faults: ConnectionFaults): void {
    checkFaults(faults);
    this.#always = faults;
  }

  /** A fault for each of the next connections that has none of its kind in what the server sends. Throws USAGE. */
  addFromServer(connections: readonly Faults[]): void {
    connections.forEach((fromServer) => checkFaults({ fromServer }));
    for (const faults of connections) {
      const [kind] = Object.keys(faults) as [keyof Faults];
      const free = this.#next.findIndex(({ fromServer }) => fromServer?.[kind] === undefined);
      const at = free < 0 ? this.#next.length : free;
      this.#next[at] = { ...this.#next[at], fromServer: { ...this.#next[at]?.fromServer, ...faults } };
    }
  }

  /** Those of the connection that begins now. */
  take(): Required<ConnectionFaults> {
    const own = this.#next.shift();
    return {
      fromServer: { ...this.#always.fromServer, ...own?.fromServer },
      fromClient: { ...this.#always.fromClient, ...own?.fromClient },
    };
  }
}
