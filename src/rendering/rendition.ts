export const RENDITION_TYPES = ['image/webp', 'image/jpeg', 'image/png'] as const;

/** An image as a recipe makes it: in sRGB, oriented, without metadata. */
export interface Rendition {
  readonly bytes: Buffer;
  readonly type: (typeof RENDITION_TYPES)[number];
  readonly width: number;
  readonly height: number;
  /** A blurred placeholder of 20 to 30 bytes, in base64, for renditions up to 320 pixels wide. */
  readonly thumbhash?: string;
}
