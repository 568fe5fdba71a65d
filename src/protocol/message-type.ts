/** The type byte of a frame. */
export const MessageType = {
  HELLO: 0x01,
  LIST: 0x02,
  STAT: 0x03,
  GET: 0x04,
  DIGESTS: 0x05,
  CANCEL: 0x06,
  PING: 0x07,
  FETCH: 0x08,
  WATCH: 0x0b,
  PAGE: 0x11,
  IMAGE: 0x12,
  DELIVERY: 0x13,
  DATA: 0x14,
  END: 0x15,
  PROOF: 0x16,
  PONG: 0x17,
  ERROR: 0x18,
  PACK: 0x19,
  GENERATION: 0x1b,
  WORKING: 0x91,
  CLOSING: 0x92,
} as const;

export type MessageTypeName = keyof typeof MessageType;
export type MessageTypeByte = (typeof MessageType)[MessageTypeName];

const OPTIONAL = 0x80;

/** Whether a receiver that does not know this type skips the frame. */
export function isOptional(type: number): boolean {
  return type >= OPTIONAL;
}
