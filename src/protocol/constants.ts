/**
 * The reso protocol, version 1: bytes to messages and back.
 *
 * Goals: deliver any image of a folder, whole or in part, over one TCP connection without unnecessary round trips,
 * verifiable by SHA-256, resumable, with every length, count and time bounded by both sides.
 * Non-goals: writing, compression, several deliveries at once on one connection, secrecy (that is the job of TLS).
 *
 * Nothing in this folder opens a socket or a file, or reads a clock. The specification is docs/protocol.md.
 */
export const PROTOCOL_VERSION = 1;
export const DEFAULT_PORT = 5005;

/** Bytes of a frame header: length (32 bit), type (8 bit), request id (32 bit), big-endian. */
export const HEADER_BYTES = 9;
/** Bytes of the length in front of a pack's table. */
export const TABLE_LENGTH_BYTES = 4;
export const MAX_REQUEST_ID = 0xffff_ffff;
/** Request id of messages about the connection itself. */
export const CONNECTION_ID = 0;

/** Payload bytes of a HELLO. */
export const MAX_HELLO_BYTES = 16_384;
/** Payload bytes of PING and PONG. */
export const MAX_PING_BYTES = 64;
/** Requests that may be outstanding before the server's HELLO gives the limit. */
export const INITIAL_OUTSTANDING = 16;
/** Most payload bytes of all outstanding requests of one connection together. */
export const MAX_OUTSTANDING_BYTES = 1_048_576;

export const MAX_PAGE = 1000;
export const MAX_BLOCKS = 4096;
/** Most images in one FETCH. */
export const MAX_FETCH = 1024;
/** Most bytes of an image in a pack. */
export const MAX_PACKED_BYTES = 262_144;

/** Milliseconds from the start of a connection until its HELLO is complete. */
export const HELLO_TIMEOUT = 9_000;
/** Milliseconds from the first byte of a frame from a client to its last. */
export const FRAME_TIMEOUT = 30_000;
/** Milliseconds for which a client may read nothing although data is ready for it. */
export const STALL_TIMEOUT = 120_000;
/** Milliseconds between two WORKING messages. */
export const WORKING_INTERVAL = 5_000;
