/** What an image is, beyond its bytes. */
export interface Facts {
  /** By content: jpeg, png, webp, tiff, gif, svg, avif, heic, jxl, jp2, bmp, ico, psd, raw, …; else `unknown`. */
  readonly format: string;
  /** As oriented. */
  readonly width?: number;
  readonly height?: number;
  /** Pages or frames, where there are several. */
  readonly pages?: number;
  /** `YYYY-MM-DDTHH:MM:SS` by the clock of the camera. */
  readonly taken?: string;
  /** How far that clock is from UTC, as `+02:00`, where the camera says so. */
  readonly offset?: string;
  /** Make and model. */
  readonly camera?: string;
  /** Name of the color profile, else sRGB, gray, CMYK or the like. */
  readonly colorSpace?: string;
  /** Not known from the header: comes with a rendition. */
  readonly thumbhash?: string;
  readonly gps?: { readonly latitude: number; readonly longitude: number };
  /** Whether it is worth asking for a rendition. */
  readonly canRender: boolean;
}
