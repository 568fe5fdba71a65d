import { checkFaults } from './check-faults';
import type { ConnectionFaults, Faults } from './faults';

/** The faults of the coming connections. */
export class FaultPlan {
  readonly #next: ConnectionFaults[] = [];
  #always: ConnectionFaults = {};

  /** Faults for the next connections, one each, after those already planned. Throws USAGE. */
  add(connections: readonly ConnectionFaults[]): void {
    connections.forEach(checkFaults);
    this.#next.push(...connections);
  }

  /** Faults for every connection; those planned for a single connection take precedence. Throws USAGE. */
  always(faults: ConnectionFaults): void {
    checkFaults(faults);
    this.#always = faults;
  }

  /** A fault for each of the next connections that has none of this kind on the server's side. Throws USAGE. */
  addFromServer(connections: readonly Faults[]): void {
    connections.forEach((fromServer) => checkFaults({ fromServer }));
    for (const faults of connections) {
      const [kind] = Object.keys(faults) as [keyof Faults];
      const free = this.#next.findIndex(({ fromServer }) => fromServer?.[kind] === undefined);
      const at = free < 0 ? this.#next.length : free;
      this.#next[at] = { ...this.#next[at], fromServer: { ...this.#next[at]?.fromServer, ...faults } };
    }
  }

  /** Takes the faults of a new connection. */
  take(): Required<ConnectionFaults> {
    const own = this.#next.shift();
    return {
      fromServer: { ...this.#always.fromServer, ...own?.fromServer },
      fromClient: { ...this.#always.fromClient, ...own?.fromClient },
    };
  }
}
