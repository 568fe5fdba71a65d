import type { Socket, TcpNetConnectOpts } from 'node:net';
import { Block } from './blocks';

/**
 * Receives a socket's bytes into reused memory. A socket used as a stream allocates memory for each read, which costs
 * more than receiving the bytes, mostly in the garbage collector.
 */
export class Inlet {
  readonly #atOnce: number;
  #block = Block.take();
  /** Is passed the received bytes and returns how many of them others will release. */
  onBytes: (bytes: Buffer) => number = () => 0;

  /** Most bytes per read. */
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

  /** `length` bytes were received into `buffer`. */
  readonly callback = (length: number, buffer: Uint8Array): boolean => {
    const block = this.#block;
    block.received(length);
    block.release(length - this.onBytes((buffer as Buffer).subarray(0, length)));
    return true;
  };

  /** Nothing more will be received. */
  close(): void {
    this.#block.close();
  }
}

const inlets = new WeakMap<Socket, Inlet>();

/** The `onread` option of `net.connect` and `tls.connect`. */
type OnRead = NonNullable<TcpNetConnectOpts['onread']>;

/**
 * Returns the socket that `open` makes with this `onread`. Bytes that a `Connection` on it passes on must be given back with
 * `release`. One read gets at most `atOnce` bytes.
 */
export function receiving(open: (onread: OnRead) => Socket, atOnce?: number): Socket {
  const inlet = new Inlet(atOnce);
  const socket = open({ buffer: inlet.buffer, callback: inlet.callback });
  inlets.set(socket, inlet);
  socket.once('close', () => inlet.close());
  return socket;
}

/** The inlet that receives the bytes of `socket`; undefined if the socket is an ordinary stream. */
export function inletOf(socket: Socket): Inlet | undefined {
  return inlets.get(socket);
}
