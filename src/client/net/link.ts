import type { Channel } from './channel';
import type { RateLimit } from './rate-limit';
import type { Replica } from './replicas';

/** A channel and the number of bytes in flight on it. */
export class Link {
  readonly channel: Channel;
  readonly replica: Replica;
  /** It gets no more work, and is closed when it has done what it has. */
  isLeaving = false;
  readonly #onArrival: () => void;
  readonly #limit: RateLimit | undefined;
  #inFlight = 0;

  /** `onArrival` is called when the number of bytes in flight has decreased. */
  constructor(channel: Channel, replica: Replica, onArrival: () => void, limit?: RateLimit) {
    this.channel = channel;
    this.replica = replica;
    this.#limit = limit;
    this.#onArrival = onArrival;
  }

  /** Bytes requested that have not arrived yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Closes the channel if it is leaving and has done what it had. */
  closeIfLeft(): void {
    if (this.isLeaving && this.channel.outstanding === 0) this.channel.close();
  }

  /** Starts counting the bytes of one request. */
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

/** The bytes in flight of one request. */
export interface Flight {
  readonly channel: Channel;
  /** Sets how many are still to come, once that is known. */
  expect(bytes: number): void;
  arrived(bytes: number): void;
  end(): void;
}
