import type { Channel } from './channel';

/** A channel and how many bytes are on their way on it. */
export class Lane {
  readonly channel: Channel;
  readonly #onArrival: () => void;
  #inFlight = 0;

  /** `onArrival` is called when fewer bytes are on their way than before. */
  constructor(channel: Channel, onArrival: () => void) {
    this.channel = channel;
    this.#onArrival = onArrival;
  }

  /** Bytes asked for that have not come yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Begins to count the bytes of one request. */
  begin(expected: number): Flight {
    let left = expected;
    this.#inFlight += left;
    const set = (bytes: number) => {
      const fewer = bytes < left;
      this.#inFlight += bytes - left;
      left = bytes;
      if (fewer) this.#onArrival();
    };
    return {
      channel: this.channel,
      expect: set,
      arrived: (bytes) => set(Math.max(0, left - bytes)),
      end: () => set(0),
    };
  }
}

/** The bytes of one request on their way. */
export interface Flight {
  readonly channel: Channel;
  /** It is known now how many are still to come. */
  expect(bytes: number): void;
  arrived(bytes: number): void;
  end(): void;
}
