export interface LinkShape {
  readonly rateBits: number;
  /** One way. */
  readonly delayMs: number;
}
