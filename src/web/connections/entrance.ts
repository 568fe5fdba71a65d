import type { Server, Socket } from 'node:net';
import { ConnectionSlots, formatAddress, onFirstBytes, type ConnectionLimits } from '../../connection';

export interface EntranceOptions {
  readonly limits: ConnectionLimits;
  /** Whether this address stands for many people. */
  isProxy(address: string): boolean;
  /** Whether only TLS is accepted. */
  readonly isTls: boolean;
  /** Milliseconds for a client to send its first byte. */
  readonly patience: number;
  onPlain(socket: Socket): void;
}

const PLAIN = 'This port speaks HTTPS only: put https:// before the address.\n';
const REFUSAL = [
  'HTTP/1.1 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  `Content-Length: ${PLAIN.length}`,
  'Connection: close',
  '',
  PLAIN,
].join('\r\n');

/** In front of an HTTP server: limits connections, and answers plain HTTP on an HTTPS port. */
export class Entrance {
  readonly #options: EntranceOptions;
  readonly #slots: ConnectionSlots;
  /** Clients beyond the limits, which only get a refusal, by address and port. */
  readonly #crowded = new Set<string>();
  readonly #sockets = new Map<string, Socket>();

  constructor(server: Server, options: EntranceOptions) {
    this.#options = options;
    this.#slots = new ConnectionSlots(options.limits);
    const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) =>
      this.#receive(socket, () => {
        for (const listener of listeners) listener.call(server, socket);
      }),
    );
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Whether the limit has been reached, in total or for this address. */
  isCrowded({ remoteAddress = '', remotePort = 0 }: Socket): boolean {
    return this.#crowded.has(formatAddress(remoteAddress, remotePort));
  }

  /** Closes connections, identified by the client's address and port. */
  close(isMeant: (peer: string) => boolean): void {
    for (const [peer, socket] of this.#sockets) if (isMeant(peer)) socket.destroy();
  }

  #receive(socket: Socket, enter: () => void): void {
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined) return void socket.destroy();
    const peer = formatAddress(address, port);
    const slot = this.#options.isProxy(address) ? peer : address;
    this.#sockets.set(peer, socket);
    socket.once('close', () => {
      this.#sockets.delete(peer);
      this.#slots.leave(slot);
      this.#crowded.delete(peer);
    });
    if (!this.#slots.enter(slot)) return void socket.destroy();
    if (this.#slots.isCrowded(slot)) this.#crowded.add(peer);
    if (!this.#options.isTls) return enter();
    onFirstBytes(socket, this.#options.patience, (isTls) => (isTls ? enter() : this.#refuse(socket)));
  }

  #refuse(socket: Socket): void {
    this.#options.onPlain(socket);
    socket.on('error', () => undefined);
    socket.end(REFUSAL, () => socket.destroySoon());
  }
}
