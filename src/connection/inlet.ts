import type { Socket, TcpNetConnectOpts } from 'node:net';
import { Block } from './blocks';

/**
 * Receives a socket's bytes into memory that is used again. As a stream a socket allocates memory for each read, which
 * costs more than to receive the bytes, most of it in the garbage collector.
 */
export class Inlet {
  readonly #atOnce: number;
  #block = Block.take();
  /** Gets what came, and gives how many bytes of it are to be released by others. */
  onBytes: (bytes: Buffer) => number = () => 0;

  /** At most so many bytes come by one read. */
  constructor(atOnce = Infinity) {
    this.#atOnce = atOnce;
  }

  /** Where the next bytes go. */
  readonly buffer = (): Buffer => {
    for (;;) {
      const room = this.#block.room();
      if (room) return room.subarray(0, this.#atOnce);
      this.#block.close();
      this.#block = Block.take();
    }
  };

  /** `length` bytes have come into `buffer`. */
  readonly callback = (length: number, buffer: Uint8Array): boolean => {
    const block = this.#block;
    block.received(length);
    block.release(length - this.onBytes((buffer as Buffer).subarray(0, length)));
    return true;
  };

  /** Nothing more comes. */
  close(): void {
    this.#block.close();
  }
}

const inlets = new WeakMap<Socket, Inlet>();

/** What `net.connect` and `tls.connect` take as `onread`. */
type OnRead = NonNullable<TcpNetConnectOpts['onread']>;

/**
 * The socket that `open` connects, which is to be given this `onread`. Bytes that a `Connection` on it hands on are to be
 * given back with `release`. At most `atOnce` bytes come by one read.
 */
export function receiving(open: (onread: OnRead) => Socket, atOnce?: number): Socket {
  const inlet = new Inlet(atOnce);
  const socket = open({ buffer: inlet.buffer, callback: inlet.callback });
  inlets.set(socket, inlet);
  socket.once('close', () => inlet.close());
  return socket;
}

/** What receives the bytes of `socket`, unless it does so itself. */
export function inletOf(socket: Socket): Inlet | undefined {
  return inlets.get(socket);
}
