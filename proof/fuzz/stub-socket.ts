import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** A stand-in for a socket, so that a million conversations need no connection: accepts everything, sends nothing. */
class StubSocket extends EventEmitter {
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 1;
  readonly writableLength = 0;
  readonly writableNeedDrain = false;
  writable = true;
  destroyed = false;

  write(_: Buffer, flushed?: () => void): boolean {
    if (flushed) queueMicrotask(flushed);
    return true;
  }

  end(): void {
    this.writable = false;
    queueMicrotask(() => this.emit('finish'));
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.writable = false;
    queueMicrotask(() => this.emit('close'));
  }

  setNoDelay(): void {}
  setTimeout(): void {}
  cork(): void {}
  uncork(): void {}
  pause(): void {}
  resume(): void {}
}

export function stubSocket(): Socket {
  return new StubSocket() as unknown as Socket;
}
