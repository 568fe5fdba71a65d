/** What happens to the bytes that one side of a connection sends. Places and counts are in bytes, from 0. */
export interface Faults {
  /**
   * The connection is reset, for both sides, once so many bytes were carried; with 0, in place of the first. Whoever
   * does not take them within 50 ms gets fewer, as a reset discards what is on its way.
   */
  readonly cutAfter?: number | undefined;
  /** Nothing more is carried once so many bytes were, and the connection stays, until `resume()`. */
  readonly stallAfter?: number | undefined;
  /** Place of the byte whose lowest bit is turned. */
  readonly flipAt?: number | undefined;
  /** At most so many bytes a second are carried. */
  readonly bytesPerSecond?: number | undefined;
  /** Chunks are carried in pieces of at most so many bytes, each sent on its own. */
  readonly split?: number | undefined;
  /** Chunks are held back, and carried together: so many bytes, up to 16 MiB, or what came until nothing did for 20 ms. */
  readonly coalesce?: number | undefined;
  /** Bytes that were carried are carried once more. */
  readonly replay?: ReplayedBytes | ReplayedFrame | undefined;
}

/** The bytes from `from` up to, and not including, `to`: at most 16 MiB. */
export interface ReplayedBytes {
  readonly from: number;
  readonly to: number;
  /** How many bytes are carried before these come again; default `to`, so that they come twice in a row. */
  readonly at?: number | undefined;
}

/** A whole frame of reso's protocol comes twice in a row; the side's HELLO is frame 0. */
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
