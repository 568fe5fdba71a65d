import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { peerAddress } from '../../connection';

/** Requests that may wait on one connection; no client that means well comes near. */
const MOST_WAITING = 8;

/** Milliseconds from the end of an answer to the head of the next request. */
const MOST_QUIET = 20_000;

interface Pipeline {
  /** A TLS socket is not the one that it is read from, but both have this. */
  readonly peer: string;
  readonly waiting: (() => void)[];
}

/**
 * Answers the requests of each connection one after the other. Node would begin them all at once: each would hold its image
 * and its buffers until those before it are sent, and would never learn that the client has gone.
 */
export class Pipelines {
  /** Connections that have a request under way. */
  readonly #busy = new Map<Socket, Pipeline>();
  readonly #peers = new Set<string>();
  /** Ends connections that send line ends and no request: they restart Node's own timers (nodejs/node#58140). */
  readonly #quiet = new WeakMap<Socket, NodeJS.Timeout>();
  readonly #mostQuiet: number;

  constructor(mostQuiet = MOST_QUIET) {
    this.#mostQuiet = mostQuiet;
  }

  /** Whether a request that came from this address and port is under way. */
  isBusy(peer: string): boolean {
    return this.#peers.has(peer);
  }

  /** Calls `begin` once the responses to earlier requests of this connection are closed. */
  add(socket: Socket, response: ServerResponse, begin: () => void): void {
    const pipeline = this.#busy.get(socket);
    const start = () => {
      response.once('close', () => this.#next(socket));
      begin();
    };
    if (pipeline) {
      if (pipeline.waiting.length < MOST_WAITING) pipeline.waiting.push(start);
      else socket.destroy();
      return;
    }
    clearTimeout(this.#quiet.get(socket));
    const peer = peerAddress(socket);
    this.#busy.set(socket, { peer, waiting: [] });
    this.#peers.add(peer);
    start();
  }

  #next(socket: Socket): void {
    const { peer, waiting } = this.#busy.get(socket)!;
    const start = waiting.shift();
    // Nobody hears an answer after `Connection: close`.
    if (start && !socket.destroyed && !socket.writableEnded) return start();
    this.#busy.delete(socket);
    this.#peers.delete(peer);
    if (socket.destroyed) return;
    this.#quiet.set(socket, setTimeout(() => socket.destroy(), this.#mostQuiet).unref());
  }
}
