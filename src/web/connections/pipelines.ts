import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { peerAddress } from '../../connection';

/** Requests that may wait on one connection; no well-behaved client comes near this. */
const MOST_WAITING = 8;

/** Milliseconds from the end of a response to the head of the next request. */
const MOST_QUIET = 20_000;

interface Pipeline {
  /** A TLS socket and the TCP socket below it are different objects, but share this. */
  readonly peer: string;
  readonly waiting: (() => void)[];
}

/**
 * Answers the requests of each connection one after the other. Node would start all of them at once: each would hold its
 * image and buffers until the earlier ones are sent, and would never notice that the client has disconnected.
 */
export class Pipelines {
  /** Connections with a request in progress. */
  readonly #busy = new Map<Socket, Pipeline>();
  readonly #peers = new Set<string>();
  /** Closes connections that send only line ends: these restart Node's own timers (nodejs/node#58140). */
  readonly #quiet = new WeakMap<Socket, NodeJS.Timeout>();
  readonly #mostQuiet: number;

  constructor(mostQuiet = MOST_QUIET) {
    this.#mostQuiet = mostQuiet;
  }

  /** Whether a request from this address and port is in progress. */
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
    const peer = peerAddress(socket);
    this.#busy.set(socket, { peer, waiting: [] });
    this.#peers.add(peer);
    start();
  }

  #next(socket: Socket): void {
    const { peer, waiting } = this.#busy.get(socket)!;
    const start = waiting.shift();
    // After `Connection: close`, nobody would receive another response.
    if (start && !socket.destroyed && !socket.writableEnded) return start();
    this.#busy.delete(socket);
    this.#peers.delete(peer);
    if (!socket.destroyed) this.#startTimer(socket);
  }

  /** A timer that is started again costs less than a new one for each response. */
  #startTimer(socket: Socket): void {
    const timer = this.#quiet.get(socket);
    if (timer) return void timer.refresh();
    const end = () => this.#busy.has(socket) || socket.destroy();
    this.#quiet.set(socket, setTimeout(end, this.#mostQuiet).unref());
  }
}
