import type { OpenImage } from '../catalog';

/** Widths of the renditions that there are. */
export const WIDTHS = [160, 320, 640, 1280, 2560] as const;
export const FORMATS = ['webp', 'jpeg'] as const;

export interface Rendered {
  readonly bytes: Buffer;
  readonly type: string;
}

/** Makes smaller images of images. */
export interface ThumbnailSource {
  /** Throws what keeps it from being made. */
  render(image: OpenImage, recipe: ThumbnailRecipe, signal: AbortSignal): Promise<Rendered>;
}

export interface ThumbnailRecipe {
  readonly sha256: string;
  readonly width: (typeof WIDTHS)[number];
  readonly format: (typeof FORMATS)[number];
}
