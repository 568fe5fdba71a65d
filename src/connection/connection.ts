import type { Socket } from 'node:net';
import { ConnectionError, describeCause, ProtocolError, ResoError } from '../errors';
import { FrameDecoder, type FrameLimit, type FrameSink } from '../protocol';
import { Deadline } from './deadline';
import { inletOf } from './inlet';

/** Milliseconds for queued data to be sent once a connection is ending. */
const FLUSH_TIMEOUT = 30_000;
/** At least this many bytes are sent at once, without waiting for more. */
const WORTH_A_CALL = 131_072;
/** Milliseconds for which such a connection keeps reading, so that its last frame is not lost to a reset. */
const LINGER = 2000;

export interface ConnectionOptions {
  /** `host:port` of the other side, for messages. */
  readonly address: string;
  readonly limit: FrameLimit;
  /** The receiver of DATA bytes must give them back with `release`. */
  readonly sink: FrameSink;
  /** Sees incoming bytes before they are split into frames. */
  readonly onBytes?: (bytes: Buffer) => void;
  /** The frame stream is invalid, or `sink` threw: nothing more is read. Default: `fail`. */
  readonly onFault?: (error: ResoError) => void;
  /** Everything written has gone to the kernel. */
  readonly onDrain?: () => void;
  /** The other side has ended its stream; it may still read. Default: `fail` with DISCONNECTED. */
  readonly onEnd?: () => void;
  /** Called once, when the socket is closed, with the first error, if any. */
  readonly onClose: (error: ResoError | undefined) => void;
  /** Most milliseconds from the first byte of a frame to its last; undefined: no limit. */
  readonly frameTimeout?: number;
}

/** One socket as a stream of frames. The first error closes it, and is kept. */
export class Connection {
  readonly address: string;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #decoder: FrameDecoder;
  readonly #frameDeadline = new Deadline();
  readonly #lastDeadline = new Deadline();
  /** The frame that the frame deadline is for. */
  #watchedFrame = -1;
  #error: ResoError | undefined;
  /** Incoming bytes are ignored. */
  #deaf = false;
  #paused = false;
  /** Writes are collected until the end of this turn of the event loop. */
  #isGathering = false;
  /** Milliseconds of silence to watch for; 0 for none. */
  #silence = 0;
  /** Bytes of DATA that were passed on. */
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

  /** Bytes waiting to go to the kernel. */
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
   * Everything written in one turn of the event loop is sent with one system call, at the end of the turn or by `send`.
   * Returns false if the kernel did not take everything: wait for `onDrain`.
   * `flushed` is called when the memory of the last part is no longer needed, even if the connection ends before.
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

  /** Sends what was written but not sent yet. */
  send(): void {
    if (!this.#isGathering) return;
    this.#isGathering = false;
    this.#socket.uncork();
  }

  /** Stops reading, which slows the other side down. */
  pause(): void {
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#paused = false;
    // A timeout during the pause was ignored, and there is no other before the next byte.
    this.#socket.setTimeout(this.#silence);
    this.#socket.resume();
  }

  /**
   * Calls `expire` whenever nothing was sent or received for `milliseconds`, unless this side is paused. 0 turns it off.
   */
  watchSilence(milliseconds: number, expire: () => void): void {
    this.#socket.removeAllListeners('timeout');
    this.#silence = milliseconds;
    this.#socket.setTimeout(milliseconds);
    if (milliseconds > 0) this.#socket.on('timeout', () => void (this.#paused || expire()));
  }

  /** Closes the connection at once, because of `error`. */
  fail(error: ResoError): void {
    this.#error ??= error;
    this.#socket.destroy();
  }

  /** Closes the connection at once, without an error. */
  destroy(): void {
    this.#deaf = true;
    this.#socket.destroy();
  }

  /** Sends `last`, if any, and closes the connection once that is sent or the other side won't take it. */
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

  /** Returns how many of the bytes were passed on. */
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

  /** A frame's deadline starts with the frame, and bytes that trickle in don't extend it. */
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
      this.#fault(new ProtocolError('BAD_FRAME', 'The last frame is incomplete.'));
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
