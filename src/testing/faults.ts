/** What happens to the bytes that one side of a connection sends. Offsets and counts are in bytes, from 0. */
export interface Faults {
  /**
   * Resets the connection, for both sides, once this many bytes were carried; with 0, instead of carrying the first byte. A
   * receiver that does not read them within 50 ms gets fewer, because a reset discards what is in flight.
   */
  readonly cutAfter?: number | undefined;
  /** Stalls after this many bytes, with the connection left open, until `resume()`. */
  readonly stallAfter?: number | undefined;
  /** Offset of the byte whose lowest bit is flipped. */
  readonly flipAt?: number | undefined;
  /** Most bytes carried per second. */
  readonly bytesPerSecond?: number | undefined;
  /** Splits chunks into pieces of at most this many bytes, each sent separately. */
  readonly split?: number | undefined;
  /** Holds chunks back and carries this many bytes together, up to 16 MiB, or what has arrived after 20 ms of silence. */
  readonly coalesce?: number | undefined;
  /** Carries some bytes a second time. */
  readonly replay?: ReplayedBytes | ReplayedFrame | undefined;
}

/** The bytes from `from` up to, and not including, `to`: at most 16 MiB. */
export interface ReplayedBytes {
  readonly from: number;
  readonly to: number;
  /** How many bytes are carried before these are repeated; default `to`, so that they come twice in a row. */
  readonly at?: number | undefined;
}

/** Sends a whole frame of the reso protocol twice in a row; the side's HELLO is frame 0. */
export interface ReplayedFrame {
  readonly frame: number;
}

/** Faults of one connection. */
export interface ConnectionFaults {
  /** For what the server sends. */
  readonly fromServer?: Faults | undefined;
  /** For what the client sends. */
  readonly fromClient?: Faults | undefined;
}
