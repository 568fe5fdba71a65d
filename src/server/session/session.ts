import type { Socket } from 'node:net';
import type { Grant } from '../../access';
import { Connection, Deadline, peerAddress } from '../../connection';
import { ConnectionError, ProtocolError, type ResoError } from '../../errors';
import { CONNECTION_ID, encode, isOptional, MessageType } from '../../protocol';
import { closing, errorReply } from '../exchange/errors';
import type { ServerContext } from '../exchange/exchange';
import { Outlet, StallWatch } from '../exchange/outlet';
import { greet, type Arrival } from './arrival';
import { badFrame, checkType, frameLimit } from './frame-rules';
import { Requests } from './requests';

/** Milliseconds between checks for things that cause no event. */
const LOOK = 100;
/** When the server shuts down and all answers are sent, a client has this many milliseconds to close the connection. */
const FAREWELL = 300;

/** One client, from connecting to disconnecting. */
export class Session {
  /** Resolves when the socket is closed. */
  readonly gone: Promise<void>;
  readonly #context: ServerContext;
  readonly #connection: Connection;
  readonly #outlet: Outlet;
  readonly #requests: Requests;
  readonly #helloDeadline = new Deadline();
  readonly #idleDeadline = new Deadline();
  readonly #stallWatch: StallWatch;
  #setGone: () => void = () => undefined;
  readonly #arrival: Arrival;
  #isGreeted = false;
  #token: Buffer | undefined;
  /** The client has half-closed the connection. */
  #hasEnded = false;
  #isShuttingDown = false;
  #hasSaidClosing = false;
  /** The last frame has been written. */
  #isOver = false;

  constructor(context: ServerContext, socket: Socket, arrival: Arrival) {
    this.#context = context;
    this.#arrival = arrival;
    this.gone = new Promise((resolve) => (this.#setGone = resolve));
    this.#connection = this.#connect(socket);
    this.#outlet = new Outlet(this.#connection);
    const peer = {
      address: this.#connection.address,
      host: socket.remoteAddress ?? '',
      admit: () => this.#admitOrEnd(),
    };
    this.#requests = new Requests(context, this.#outlet, peer, () => this.#onIdle());
    const { hello, stall } = context.timeouts;
    // The TLS handshake got the other half.
    this.#helloDeadline.set(arrival.isEncrypted ? hello / 2 : hello, () =>
      this.end(timeout('No complete HELLO arrived in time.')),
    );
    this.#connection.watchSilence(stall, () => this.#cutIfStalled());
    this.#stallWatch = new StallWatch(this.#outlet, stall, () => this.#cutIfStalled());
  }

  #connect(socket: Socket): Connection {
    return new Connection(socket, {
      address: peerAddress(socket),
      limit: frameLimit(this.#context.limits, () => this.#isGreeted),
      sink: {
        frame: (type, id, payload) => this.#receive(type, id, payload),
        data: () => checkType(MessageType.DATA, this.#isGreeted),
      },
      onFault: (error) => this.end(error),
      onDrain: () => this.#outlet.wake(),
      onEnd: () => this.#clientEnded(),
      onClose: (error) => this.#closed(error),
      frameTimeout: this.#context.timeouts.frame,
    });
  }

  /** Answers with `error`, as the reply to request `id` or to none, and closes the connection. */
  end(error: ResoError, id = CONNECTION_ID): void {
    if (this.#isOver) return;
    this.#context.log.warn('connection ended', {
      peer: this.#connection.address,
      code: error.code,
      reason: error.message,
    });
    this.#finish(encode.error(id, errorReply(error)));
  }

  /** Finishes what has started, including images that come in parts, refuses the rest, then closes the connection. */
  shutDown(): void {
    if (this.#isOver || this.#isShuttingDown) return;
    this.#isShuttingDown = true;
    if (!this.#isGreeted) return this.end(closing());
    this.#requests.refuseWaiting(closing());
    // After CLOSING a client would request no more parts.
    if (!this.#requests.isInParts) this.#sayClosing();
    this.#onIdle();
  }

  #sayClosing(): void {
    if (this.#hasSaidClosing) return;
    this.#hasSaidClosing = true;
    this.#outlet.write([encode.closing({ reason: 'shutdown' })]);
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.#connection.destroy();
  }

  #receive(type: number, id: number, payload: Buffer): void {
    // More frames may arrive together with the one that broke the protocol. They are ignored.
    if (this.#isOver) return;
    checkType(type, this.#isGreeted);
    if (type === MessageType.HELLO) this.#greet(id, payload);
    else if (type === MessageType.CANCEL) this.#requests.cancel(id);
    else if (!isOptional(type)) this.#request(type, id, payload);
  }

  #greet(id: number, payload: Buffer): void {
    if (id !== CONNECTION_ID) throw badFrame('The request id of HELLO must be 0.');
    const { reply, token, agent } = greet(this.#context, payload);
    this.#token = token;
    this.#admit();
    this.#outlet.write([reply]);
    this.#isGreeted = true;
    this.#helloDeadline.clear();
    this.#context.log.debug('client greeted', { peer: this.#connection.address, agent });
    this.#onIdle();
  }

  #request(type: number, id: number, payload: Buffer): void {
    if (id === CONNECTION_ID) throw badFrame('Request ids start at 1.');
    if (this.#requests.has(id)) throw badFrame(`Request ${id} is already outstanding.`);
    if (!this.#requests.hasRoomFor(payload.length)) return this.end(tooMany(), id);
    this.#idleDeadline.clear();
    const refused = this.#isShuttingDown ? closing() : undefined;
    this.#requests.accept({ type, id, payload, refused });
  }

  /** Throws UNAUTHORIZED, which closes the connection. */
  #admit(): Grant {
    const certificate = this.#arrival.certificate();
    return this.#context.gatekeeper.admit({ ...this.#arrival, certificate, token: this.#token });
  }

  #admitOrEnd(): Grant {
    try {
      return this.#admit();
    } catch (error) {
      this.end(error as ResoError);
      throw error;
    }
  }

  #clientEnded(): void {
    this.#hasEnded = true;
    this.#findOutWhetherItIsGone();
    this.#onIdle();
  }

  /** Stops work for a client that has gone: a write is then answered with a reset, and the next write fails. */
  #findOutWhetherItIsGone(): void {
    if (this.#requests.count === 0) return;
    this.#requests.sayWorking();
    this.#idleDeadline.set(LOOK, () => this.#requests.sayWorking());
  }

  /** Call this whenever the last request may have been answered. */
  #onIdle(): void {
    if (this.#isOver || this.#requests.count > 0) return;
    if (this.#awaitsParts) return this.#idleDeadline.set(LOOK, () => this.#onIdle());
    if (this.#isShuttingDown) this.#sayClosing();
    if (this.#hasEnded || this.#isShuttingDown) this.#finish();
    else
      this.#idleDeadline.set(this.#context.limits.idle, () =>
        this.#finish(encode.closing({ reason: 'idle' })),
      );
  }

  /** The client may still be reading from the kernel's buffers. It requests the next part after that. */
  get #awaitsParts(): boolean {
    return this.#isShuttingDown && !this.#hasSaidClosing && !this.#hasEnded && this.#requests.isBetweenParts;
  }

  #finish(last?: Buffer): void {
    this.#isOver = true;
    this.#stop();
    this.#connection.finish(last);
    if (this.#isShuttingDown) this.#farewell();
  }

  /** Keeps reading for a moment: unread bytes would make the kernel drop our last frame. */
  #farewell(): void {
    this.#idleDeadline.set(FAREWELL, () => {
      if (this.#outlet.isEmpty) this.destroy();
      else this.#farewell();
    });
  }

  #cutIfStalled(): void {
    if (!this.#outlet.isEmpty) {
      this.#connection.fail(new ConnectionError('TIMEOUT', 'The client does not read.'));
    }
  }

  #closed(error: ResoError | undefined): void {
    this.#isOver = true;
    this.#stop();
    this.#stallWatch.stop();
    this.#outlet.wake();
    const { log } = this.#context;
    const { address: peer } = this.#connection;
    if (error) log.info('connection lost', { peer, reason: error.message });
    else log.debug('connection closed', { peer });
    this.#setGone();
  }

  #stop(): void {
    this.#helloDeadline.clear();
    this.#idleDeadline.clear();
    this.#requests.abandon();
  }
}

function timeout(message: string): ProtocolError {
  return new ProtocolError('TIMEOUT', message);
}

function tooMany(): ProtocolError {
  return new ProtocolError('TOO_MANY_REQUESTS', 'More requests are outstanding than the limits allow.');
}
