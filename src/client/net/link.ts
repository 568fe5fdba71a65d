import type { Channel } from './channel';
import type { RateLimit } from './rate-limit';

/** A channel and how many bytes are on their way on it. */
export class Link {
  readonly channel: Channel;
  readonly #onArrival: () => void;
  readonly #limit: RateLimit | undefined;
  #inFlight = 0;

  /** `onArrival` is called when fewer bytes are on their way than before. */
  constructor(channel: Channel, onArrival: () => void, limit?: RateLimit) {
    this.channel = channel;
    this.#limit = limit;
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
      arrived: (bytes) => {
        this.#limit?.arrived(bytes, this.channel);
        set(Math.max(0, left - bytes));
      },
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
