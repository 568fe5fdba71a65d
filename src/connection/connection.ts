import type { Socket } from 'node:net';
import { ConnectionError, describeCause, ProtocolError, ResoError } from '../errors';
import { FrameDecoder, type FrameLimit, type FrameSink } from '../protocol';
import { Deadline } from './deadline';
import { inletOf } from './inlet';

/** Milliseconds for what is queued to go out once a connection is over. */
const FLUSH_TIMEOUT = 30_000;
/** Bytes that go out at once, without a look at what else is to be said. */
const WORTH_A_CALL = 131_072;
/** Milliseconds that such a connection goes on taking bytes, so that its last frame is not lost to a reset. */
const LINGER = 2000;

export interface ConnectionOptions {
  /** `host:port` of the other side, for messages. */
  readonly address: string;
  readonly limit: FrameLimit;
  /** Bytes of DATA are to be given back with `release` by whoever is done with them. */
  readonly sink: FrameSink;
  /** Sees what comes before it is cut into frames. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** The stream of frames is broken, or `sink` threw: nothing more is read. Default: `fail`. */
  readonly onFault?: (error: ResoError) => void;
  /** All that was written has gone to the kernel. */
  readonly onDrain?: () => void;
  /** The other side will send no more; it may still read. Default: `fail` with DISCONNECTED. */
  readonly onEnd?: () => void;
  /** Called once, when the socket is closed, with the first error if there was one. */
  readonly onClose: (error: ResoError | undefined) => void;
  /** Milliseconds that a frame may take from its first byte to its last, if that is limited. */
  readonly frameTimeout?: number;
}

/** One socket as a stream of frames. The first error ends it, and is kept. */
export class Connection {
  readonly address: string;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #decoder: FrameDecoder;
  readonly #frameDeadline = new Deadline();
  readonly #lastDeadline = new Deadline();
  /** Which frame the frame's deadline is for. */
  #watchedFrame = -1;
  #error: ResoError | undefined;
  /** What comes in is of no interest any more. */
  #deaf = false;
  #paused = false;
  /** What is written waits for the end of this turn of the event loop. */
  #isGathering = false;
  /** Milliseconds of silence that are watched for; 0 for none. */
  #silence = 0;
  /** Bytes of DATA that were handed on. */
  #handedOn = 0;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.address = options.address;
    this.#socket = socket;
    this.#options = options;
    this.#decoder = new FrameDecoder(options.limit, {
      frame: (type, id, payload) => options.sink.frame(type, id, payload),
      data: (id, bytes) => {
        this.#handedOn += bytes.length;
        options.sink.data(id, bytes);
      },
      ...(options.sink.pack && { pack: options.sink.pack.bind(options.sink) }),
    });
    socket.setNoDelay(true);
    const inlet = inletOf(socket);
    if (inlet) inlet.onBytes = (chunk) => this.#receive(chunk);
    else socket.on('data', (chunk) => void this.#receive(chunk));
    socket.on('drain', () => options.onDrain?.());
    socket.on('end', () => this.#ended());
    socket.on('error', (cause) => this.#broken(cause));
    socket.on('close', () => this.#closed());
  }

  /** Bytes that wait for the kernel to take them. */
  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable && this.#error === undefined;
  }

  get error(): ResoError | undefined {
    return this.#error;
  }

  /**
   * What is written in one turn of the event loop is sent by one call to the system, or by `send` before that turn is
   * over. False if the kernel did not take all: wait for `onDrain`.
   * `flushed` is called when the last part no longer needs its memory, also if the connection ends before.
   */
  write(parts: readonly Buffer[], flushed?: () => void): boolean {
    if (!this.isOpen) {
      flushed?.();
      return false;
    }
    this.#gather();
    for (const [i, part] of parts.entries())
      this.#socket.write(part, i === parts.length - 1 ? flushed : undefined);
    if (this.queuedBytes >= WORTH_A_CALL) this.send();
    return !this.#socket.writableNeedDrain;
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#socket.cork();
    setImmediate(() => this.send());
  }

  /** Sends what was written and not yet sent. */
  send(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#socket.uncork();
  }

  /** Stops reading, so that the other side is slowed down. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    // A time-out that came during the pause went unheeded, and none comes again before a byte does.
    this.#socket.setTimeout(this.#silence);
    this.#socket.resume();
  }

  /**
   * Calls `expire` whenever nothing went in or out for `milliseconds`, other than because this side is paused.
   * 0 ends the watch.
   */
  watchSilence(milliseconds: number, expire: () => void): void {
    this.#socket.removeAllListeners('timeout');
    this.#silence = milliseconds;
    this.#socket.setTimeout(milliseconds);
    if (milliseconds > 0) this.#socket.on('timeout', () => void (this.#paused || expire()));
  }

  /** Ends the connection at once, because of `error`. */
  fail(error: ResoError): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  /** Ends the connection at once, with nothing wrong. */
  destroy(): void {
    this.#deaf = true;
    this.#socket.destroy();
  }

  /** Sends `last`, if any, and ends the connection when it has gone out, or the other side won't take it. */
  finish(last?: Buffer): void {
    this.#deaf = true;
    this.#frameDeadline.clear();
    if (this.#socket.destroyed) return;
    if (last) this.#socket.write(last);
    this.#socket.end();
    this.#socket.resume();
    const destroy = () => void this.#socket.destroy();
    this.#lastDeadline.set(FLUSH_TIMEOUT, destroy);
    this.#socket.once('finish', () => this.#lastDeadline.set(LINGER, destroy));
  }

  /** Gives how many of the bytes were handed on. */
  #receive(chunk: Buffer): number {
    if (this.#deaf) return 0;
    this.#handedOn = 0;
    this.#options.onBytes?.(chunk);
    try {
      this.#decoder.push(chunk);
      this.#watchFrame();
    } catch (cause) {
      this.#fault(cause);
    }
    return this.#handedOn;
  }

  /** A frame's deadline begins with the frame and is not moved by the bytes that trickle in after it. */
  #watchFrame(): void {
    const { frameTimeout } = this.#options;
    if (frameTimeout === undefined) return;
    const { inFrame, completed } = this.#decoder;
    if (!inFrame) this.#frameDeadline.clear();
    else if (!this.#frameDeadline.isSet || this.#watchedFrame !== completed) {
      this.#watchedFrame = completed;
      this.#frameDeadline.set(frameTimeout, () =>
        this.#fault(new ProtocolError('TIMEOUT', 'A frame was not completed in time.')),
      );
    }
  }

  #fault(cause: unknown): void {
    const error =
      cause instanceof ResoError ? cause : new ProtocolError('INTERNAL', describeCause(cause), { cause });
    this.#deaf = true;
    this.#frameDeadline.clear();
    if (this.#options.onFault) this.#options.onFault(error);
    else this.fail(error);
  }

  #ended(): void {
    if (this.#deaf) return;
    const { onEnd } = this.#options;
    if (onEnd && this.#decoder.inFrame)
      this.#fault(new ProtocolError('BAD_FRAME', 'The last frame is not whole.'));
    else if (onEnd) onEnd();
    else this.fail(disconnected(this.address, 'the other side closed the connection.'));
  }

  #broken(cause: Error): void {
    this.#error ??= disconnected(this.address, `${describeCause(cause)}.`, cause);
  }

  #closed(): void {
    this.#deaf = true;
    this.#frameDeadline.clear();
    this.#lastDeadline.clear();
    this.#options.onClose(this.#error);
  }
}

export function disconnected(address: string, why: string, cause?: Error): ConnectionError {
  return new ConnectionError('DISCONNECTED', `The connection to ${address} was lost: ${why}`, {
    address,
    cause,
  });
}
