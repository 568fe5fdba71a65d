import type { Socket } from 'node:net';

import type { Line } from './line';

export interface FlowOptions {
  readonly source: Socket;
  readonly target: Socket;
  readonly line: Line;
  /** The path of the acknowledgements. */
  readonly delayMs: number;
  /** Most bytes in flight per connection. */
  readonly window: number;
  readonly onDelivered: (bytes: number) => void;
}

const PIECE = 2 ** 16;
/** Ten segments, as in Linux. */
const FIRST_WINDOW = 14_480;

/**
 * One direction of one connection. Its window opens like that of TCP: from ten segments by the bytes acknowledged, one
 * trip back after they were delivered, up to the limit.
 */
export class Flow {
  readonly #options: FlowOptions;
  #window = FIRST_WINDOW;
  #underWay = 0;

  constructor(options: FlowOptions) {
    this.#options = options;
    const { source, target, line } = options;
    source.on('readable', () => line.ask(this.#turn));
    source.on('end', () => line.send(0, () => target.end()));
    source.on('error', () => {});
    source.on('close', () => line.send(0, () => target.destroySoon()));
  }

  readonly #turn = (): boolean => {
    const { source, target, line } = this.#options;
    const credit = this.#window - this.#underWay;
    if (credit <= 0) return false;
    // With an empty buffer, a read is needed to get the end.
    const length = Math.min(credit, PIECE, source.readableLength);
    const piece = source.read(length || undefined) as Buffer | null;
    if (piece === null) return false;
    this.#underWay += piece.length;
    line.send(piece.length, () => void target.write(piece, () => this.#delivered(piece.length)));
    return source.readableLength > 0;
  };

  #delivered(bytes: number): void {
    const { line, delayMs, window, onDelivered } = this.#options;
    onDelivered(bytes);
    setTimeout(() => {
      this.#underWay -= bytes;
      this.#window = Math.min(window, this.#window + bytes);
      line.ask(this.#turn);
    }, delayMs);
  }
}
