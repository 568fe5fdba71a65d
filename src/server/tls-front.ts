import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { peerCertificate, tlsSettings, type Certificate, type TlsMaterial } from '../access';
import { onFirstBytes, peerAddress } from '../connection';
import { ProtocolError } from '../errors';
import { CONNECTION_ID, encode } from '../protocol';
import { errorReply } from './exchange/errors';

export interface TlsFrontOptions {
  /** The current certificate, key and authorities. */
  material(): TlsMaterial;
  /** Milliseconds for a handshake. */
  readonly timeout: number;
  onSecure(socket: TLSSocket, certificate: () => Certificate): void;
  /** Called when a handshake fails or takes too long. */
  onRefused(reason: Error, socket: Socket): void;
}

/** Accepts connections, does the TLS handshake, and passes them on once they are encrypted. */
export class TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #server: Server;
  /** Sockets whose handshake is not complete, by the address of the other side. */
  readonly #shaking = new Map<string, Socket>();
  #material: TlsMaterial;

  constructor(options: TlsFrontOptions) {
    this.#options = options;
    this.#material = options.material();
    this.#server = createServer({
      ...tlsSettings(this.#material),
      allowHalfOpen: true,
      handshakeTimeout: options.timeout,
    });
    this.#server.on('secureConnection', (socket) => {
      this.#shaking.delete(peerAddress(socket));
      options.onSecure(socket, () => peerCertificate(socket, options.material()));
    });
    this.#server.on('tlsClientError', (error, socket) => {
      options.onRefused(error, socket);
      socket.destroy();
    });
  }

  /** Checks the first byte: a client that speaks plain TCP is told to use TLS. */
  take(socket: Socket): void {
    const peer = peerAddress(socket);
    this.#shaking.set(peer, socket);
    socket.once('close', () => void (this.#shaking.get(peer) === socket && this.#shaking.delete(peer)));
    onFirstBytes(socket, this.#options.timeout, (isTls) =>
      isTls ? this.#begin(socket) : this.#refuse(socket),
    );
  }

  /** Closes the connections that were not passed on. */
  close(): void {
    for (const socket of this.#shaking.values()) socket.destroy();
  }

  #begin(socket: Socket): void {
    const material = this.#options.material();
    if (material !== this.#material) this.#server.setSecureContext(tlsSettings((this.#material = material)));
    this.#server.emit('connection', socket);
  }

  #refuse(socket: Socket): void {
    const error = new ProtocolError('UNAUTHORIZED', 'This server accepts TLS only: use resos://.');
    this.#options.onRefused(error, socket);
    socket.on('error', ignore);
    socket.end(encode.error(CONNECTION_ID, errorReply(error)), () => socket.destroySoon());
  }
}

const ignore = () => undefined;
