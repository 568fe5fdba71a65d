import type { Socket } from 'node:net';
import { Connection, disconnected } from '../../connection';
import { ConnectionError, ProtocolError, RemoteError, ResoError } from '../../errors';
import {
  AGENT,
  CONNECTION_ID,
  encode,
  INITIAL_OUTSTANDING,
  isOptional,
  MAX_HELLO_BYTES,
  MAX_PING_BYTES,
  MessageType,
  parseClosing,
  parseDelivery,
  parseEnd,
  parseError,
  parseGeneration,
  parseJson,
  PROTOCOL_VERSION,
  type End,
  type FetchRequest,
  type GetRequest,
  type ServerHello,
  type WatchRequest,
} from '../../protocol';
import { about, another, checkEnd, checkPart } from './check-answer';
import { Greeting } from './greeting';
import { Outstanding, type DeliverySink, type Pending } from './outstanding';
import { PackReader, type FetchSink } from './pack-reader';
import { stopping } from './retry';
import type { Settings } from './settings';

/** One connection to a server, as requests and replies. Once closed, it stays closed. */
export class Channel {
  readonly #connection: Connection;
  readonly #timeout: number;
  readonly #onChange: () => void;
  readonly #greeting: Greeting;
  readonly #outstanding = new Outstanding();
  #hello: ServerHello | undefined;
  #packs: PackReader | undefined;
  #onGreeted: (() => void)[] = [];
  #holds = 0;
  #closing = false;
  #isRetired = false;
  #lostWork = false;
  #error: ResoError | undefined;

  /** `onChange` is called when there may be room for more requests, and when the channel is closed. */
  constructor(
    socket: Socket,
    { address, timeout, token, tls }: Pick<Settings, 'address' | 'timeout' | 'token' | 'tls'>,
    onChange: () => void,
  ) {
    this.#timeout = timeout;
    this.#greeting = new Greeting({ address, timeout, tls }, (error) => this.#connection.fail(error));
    this.#onChange = onChange;
    this.#connection = new Connection(socket, {
      address,
      limit: (type) => this.#frameLimit(type),
      sink: {
        frame: (type, id, payload) => this.#receive(type, id, payload),
        data: (id, bytes) => this.#receiveData(id, bytes),
        pack: (id, bytes, left) => this.#receivePack(id, bytes, left),
      },
      onBytes: (bytes) => this.#hello ?? this.#greeting.take(bytes),
      onFault: (error) => this.#connection.fail(this.#faultOf(error)),
      onClose: (error) => this.#closed(error),
    });
    this.#connection.write([encode.clientHello({ versions: [PROTOCOL_VERSION], agent: AGENT, token })]);
  }

  /** The server that it leads to: another one has other versions and generations. */
  get address(): string {
    return this.#connection.address;
  }

  /** Whether another request may be sent. */
  get hasRoom(): boolean {
    const limit = this.#hello?.limits.outstanding ?? INITIAL_OUTSTANDING;
    return this.isOpen && !this.#closing && this.#outstanding.hasRoom(limit);
  }

  get isOpen(): boolean {
    return this.#connection.isOpen && this.#error === undefined;
  }

  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** Whether the server is shutting down: work in progress may finish here, nothing new starts, then the channel closes. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  retire(): void {
    this.#isRetired = true;
    this.#closeIfDone();
  }

  /** Undefined until the server has sent HELLO and so shown that it speaks this protocol. */
  get hello(): ServerHello | undefined {
    return this.#hello;
  }

  /**
   * Sends a request, about `image` or none, that gets a single reply of type `replyType`, and returns what `read` makes of the
   * reply's payload. If `read` throws, the reply was damaged in transit, and the connection is closed.
   */
  request<T>(
    replyType: number,
    frame: (id: number) => Buffer,
    read: (payload: Buffer) => T,
    image?: string,
  ): Promise<T> {
    return new Promise((resolve, fail) => {
      this.#send(frame, { replyType, resolve: (payload) => resolve(read(payload)), fail, image });
    });
  }

  /** Requests bytes of an image. Resolves at END. `cancel` of the handle ends it early, with CANCELLED. */
  get(request: GetRequest, delivery: DeliverySink): { ended: Promise<End>; cancel: () => void } {
    let id = 0;
    let told: string | undefined;
    const ended = new Promise<End>((resolve, fail) => {
      id = this.#send((id) => encode.get(id, request), {
        replyType: MessageType.END,
        resolve: (payload) => resolve(checkEnd(told, parseEnd(parseJson(payload)))),
        fail,
        image: request.name,
        delivery: {
          begin: (begun) => {
            checkPart(request, begun);
            told = request.sha256 ?? begun.sha256;
            delivery.begin(begun);
          },
          data: (bytes) => delivery.data(bytes),
        },
      });
    });
    return { ended, cancel: () => this.#cancel(id) };
  }

  /** Waits for another generation than `unless`. `cancel` of the handle ends it early, with CANCELLED. */
  watch(request: WatchRequest): { ended: Promise<string>; cancel: () => void } {
    let id = 0;
    const ended = new Promise<string>((resolve, fail) => {
      id = this.#send((id) => encode.watch(id, request), {
        replyType: MessageType.GENERATION,
        resolve: (payload) => resolve(another(request, parseGeneration(parseJson(payload)))),
        fail,
      });
    });
    return { ended, cancel: () => this.#cancel(id) };
  }

  /** Requests many images at once. Resolves at END, when `sink` was told about each of them. */
  fetch(request: FetchRequest, sink: FetchSink): Promise<void> {
    const { images } = request;
    const fetch = { images, sink, told: 0 };
    return new Promise((resolve, fail) => {
      this.#send((id) => encode.fetch(id, request), {
        replyType: MessageType.END,
        resolve: (payload) => {
          parseEnd(parseJson(payload));
          if (fetch.told < images.length)
            throw new ProtocolError('BAD_FRAME', 'A FETCH ended before all its images were answered.');
          resolve();
        },
        fail,
        fetch,
      });
    });
  }

  /** Resolves once the server has greeted, or never will. */
  async greeted(): Promise<ServerHello | undefined> {
    if (!this.#hello && this.isOpen) await new Promise<void>((resolve) => this.#onGreeted.push(resolve));
    return this.#hello;
  }

  /** The error that closed the channel. */
  get error(): ResoError | undefined {
    return this.#error ?? this.#connection.error;
  }

  /** Whether the channel closed before it had done, or could start, what it was opened for. */
  get lostWork(): boolean {
    return this.#lostWork;
  }

  /** Stops reading until the hold is released, which slows the server down. Holds are counted. */
  hold(): void {
    if (this.#holds++ === 0) this.#connection.pause();
  }

  release(): void {
    if (--this.#holds === 0) this.#connection.resume();
  }

  close(error = new ResoError('ABORTED', 'The connection was closed on this side.')): void {
    this.#error ??= error;
    this.#connection.destroy();
  }

  fail(error: ResoError): void {
    this.#connection.fail(error);
  }

  #send(encodeRequest: (id: number) => Buffer, pending: Pending): number {
    if (!this.isOpen) {
      pending.fail(this.error ?? disconnected(this.#connection.address, 'it is closed.'));
      return 0;
    }
    const { id, frame } = this.#outstanding.add(pending, encodeRequest);
    if (this.#outstanding.size === 1) this.#watch();
    this.#connection.write([frame]);
    return id;
  }

  #cancel(id: number): void {
    if (this.#outstanding.get(id)) this.#connection.write([encode.cancel(id)]);
  }

  /** Once it has greeted, the server has `timeout` to send something whenever a reply is due. */
  #watch(): void {
    const due = this.#hello && this.#outstanding.size > 0;
    this.#connection.watchSilence(due ? this.#timeout : 0, () => {
      const { address } = this.#connection;
      const message = `No data from ${address} for ${this.#timeout / 1000} seconds.`;
      this.#connection.fail(new ConnectionError('TIMEOUT', message, { address }));
    });
  }

  #frameLimit(type: number): number {
    if (!this.#hello) return MAX_HELLO_BYTES;
    const { data, reply } = this.#hello.limits;
    if (type === MessageType.DATA) return data;
    if (type === MessageType.PACK) return this.#hello.limits.pack ?? 0;
    return type === MessageType.PONG ? MAX_PING_BYTES : reply;
  }

  #receive(type: number, id: number, payload: Buffer): void {
    if (!this.#hello) return this.#receiveFirst(type, id, payload);
    switch (type) {
      case MessageType.ERROR:
        return this.#failed(id, payload);
      case MessageType.CLOSING:
        this.#closing = true;
        this.#isRetired ||= parseClosing(parseJson(payload)).reason !== 'idle';
        this.#onChange();
        return this.#closeIfDone();
      case MessageType.DELIVERY:
        return this.#begun(id, payload);
      default:
        if (!isOptional(type)) this.#replied(type, id, payload);
    }
  }

  /** Optional messages may come before HELLO, and an ERROR may come instead of it. */
  #receiveFirst(type: number, id: number, payload: Buffer): void {
    if (isOptional(type)) return;
    if (id === CONNECTION_ID && type === MessageType.ERROR) return this.#failed(id, payload);
    if (id !== CONNECTION_ID || type !== MessageType.HELLO) {
      throw new ProtocolError('BAD_FRAME', 'The first message of the server is not HELLO.');
    }
    this.#hello = this.#greeting.heard(payload);
    this.#watch();
    this.#tellGreeted();
    this.#onChange();
  }

  #failed(id: number, payload: Buffer): void {
    const { code, message, retryAfter, name } = parseError(parseJson(payload));
    const image = this.#outstanding.get(id)?.image;
    if (image !== undefined) about(image, { name });
    const error = new RemoteError(code, message, {
      address: this.#connection.address,
      ...(image !== undefined && { image }),
      ...(retryAfter !== undefined && { retryAfter }),
    });
    this.#isRetired ||= code === 'CLOSING';
    if (id === CONNECTION_ID) return this.#connection.fail(error);
    this.#take(id).fail(error);
  }

  #begun(id: number, payload: Buffer): void {
    const pending = this.#outstanding.get(id);
    if (!pending?.delivery || pending.missing !== undefined) {
      throw new ProtocolError('BAD_FRAME', 'The server sent a delivery that was not requested.');
    }
    const delivery = parseDelivery(parseJson(payload));
    pending.missing = delivery.length;
    pending.delivery.begin(delivery);
  }

  #receiveData(id: number, bytes: Buffer): void {
    const pending = this.#outstanding.get(id);
    if (!pending?.delivery || pending.missing === undefined || pending.missing < bytes.length) {
      throw new ProtocolError('BAD_FRAME', 'The server sent more bytes than requested.');
    }
    pending.missing -= bytes.length;
    pending.delivery.data(bytes);
  }

  #receivePack(id: number, bytes: Buffer, left: number): void {
    const fetch = this.#outstanding.get(id)?.fetch;
    const longest = this.#hello?.limits.pack;
    if (!fetch || longest === undefined) {
      throw new ProtocolError('BAD_FRAME', 'The server sent a pack that was not requested.');
    }
    this.#packs ??= new PackReader(longest);
    this.#packs.take(fetch, bytes, left);
  }

  #replied(type: number, id: number, payload: Buffer): void {
    const pending = this.#outstanding.get(id);
    if (pending?.replyType !== type) {
      throw new ProtocolError(
        'BAD_FRAME',
        `The server sent a message of type ${type} that was not requested.`,
      );
    }
    if (pending.delivery && pending.missing !== 0) {
      throw new ProtocolError('BAD_FRAME', 'A delivery ended before all its bytes arrived.');
    }
    pending.resolve(payload);
    this.#take(id);
  }

  #take(id: number): Pending {
    const pending = this.#outstanding.take(id);
    if (this.#outstanding.size === 0) this.#watch();
    this.#closeIfDone();
    this.#onChange();
    return pending;
  }

  /** Not left to the server, which may disappear without a word after CLOSING. */
  #closeIfDone(): void {
    if (this.#outstanding.size > 0) return;
    if (this.#isRetired) this.close(stopping(this.#connection.address));
    else if (this.#closing) this.close();
  }

  /** Damage in transit looks like a fault of the server; it counts as one only if the server never sent anything valid. */
  #faultOf(error: ResoError): ResoError {
    if (!(error instanceof ProtocolError)) return error;
    if (!this.#hello) return this.#greeting.broken(error);
    return disconnected(this.#connection.address, `it sent an invalid message. ${error.message}`, error);
  }

  #closed(error: ResoError | undefined): void {
    this.#greeting.end();
    const cause = error ?? disconnected(this.#connection.address, 'it was closed.');
    this.#error ??= this.#hello ? cause : this.#greeting.lost(cause);
    const pending = this.#outstanding.takeAll();
    this.#lostWork = pending.length > 0 || !this.#hello;
    for (const one of pending) one.fail(this.#error);
    this.#tellGreeted();
    this.#onChange();
  }

  #tellGreeted(): void {
    for (const resolve of this.#onGreeted.splice(0)) resolve();
  }
}
