/**
 * The reso protocol, version 1: bytes to messages and back.
 *
 * Goals: any image of a folder, whole or in part, over one TCP connection, with no round trip that is not needed,
 * provable by SHA-256, resumable, with every length, count and time bounded by both sides.
 * Non-goals: writing, compression, several deliveries at once on one connection, secrecy (that is TLS's work).
 *
 * Nothing in this folder opens a socket or a file, or looks at a clock. The full text is docs/protocol.md.
 */
export const PROTOCOL_VERSION = 1;
export const DEFAULT_PORT = 5005;

/** Bytes of a frame header: length (32 bit), type (8 bit), request id (32 bit), big-endian. */
export const HEADER_BYTES = 9;
/** Bytes in front of a pack's table that say how long it is. */
export const TABLE_LENGTH_BYTES = 4;
export const MAX_REQUEST_ID = 0xffff_ffff;
/** Request id of messages that belong to the connection as a whole. */
export const CONNECTION_ID = 0;

/** Payload bytes of a HELLO. */
export const MAX_HELLO_BYTES = 16_384;
/** Payload bytes of PING and PONG. */
export const MAX_PING_BYTES = 64;
/** Requests that may be outstanding until the server's HELLO says how many. */
export const INITIAL_OUTSTANDING = 16;
/** Payload bytes that all outstanding requests of one connection may have together. */
export const MAX_OUTSTANDING_BYTES = 1_048_576;

export const MAX_PAGE = 1000;
export const MAX_BLOCKS = 4096;
/** Images that one FETCH asks for. */
export const MAX_FETCH = 1024;
/** Bytes of an image that comes in a pack. */
export const MAX_PACKED_BYTES = 262_144;

/** Milliseconds from a connection's begin until its HELLO is complete. */
export const HELLO_TIMEOUT = 9_000;
/** Milliseconds from a frame's first byte to its last, of what a server receives. */
export const FRAME_TIMEOUT = 30_000;
/** Milliseconds for which a client may take no byte of what is ready for it. */
export const STALL_TIMEOUT = 120_000;
/** Milliseconds between two WORKING messages. */
export const WORKING_INTERVAL = 5_000;
