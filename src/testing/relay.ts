import type { Socket } from 'node:net';
import { carry, type Direction } from './carry';
import type { Standstill } from './standstill';

/** Connects two sockets: each gets what the other sends. The first failure resets both. */
export class Relay {
  readonly #sockets: readonly Socket[];
  readonly #over = new AbortController();
  /** Resolves when neither direction carries anything any more. */
  readonly done: Promise<void>;

  constructor(directions: readonly Direction[], standstill: Standstill) {
    const waits = { standstill, signal: this.#over.signal };
    this.#sockets = directions.map(({ source }) => source);
    for (const socket of this.#sockets) {
      socket.setNoDelay();
      socket.on('error', () => this.reset());
    }
    const carried = directions.map((direction) => carry(direction, waits).catch(() => this.reset()));
    const closed = this.#sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    this.done = Promise.all([...carried, ...closed]).then(() => undefined);
  }

  /** Both sides see a broken connection. */
  reset(): void {
    this.#end(reset);
  }

  /** Both sides see a closed connection. */
  close(): void {
    this.#end((socket) => socket.destroy());
  }

  #end(each: (socket: Socket) => void): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#sockets.forEach(each);
  }
}

/** Node can't reset a socket during its shutdown: the descriptor would stay open without any further event. */
function reset(socket: Socket): void {
  const isShuttingDown = socket.writableEnded && !socket.writableFinished;
  if (isShuttingDown) socket.destroy();
  else socket.resetAndDestroy();
}
