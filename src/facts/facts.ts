/** Facts about an image, beyond its bytes. Members that its file does not provide are missing. */
export interface Facts {
  /** By content: `jpeg`, `png`, `webp`, `tiff`, `gif`, `svg`, `avif`, `heic`, `jxl`, `raw`, …, or `unknown`. */
  readonly format: string;
  /** In pixels, after EXIF orientation. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Number of pages or frames, if more than one. */
  readonly pages?: number | undefined;
  /** When it was taken, by the camera's clock: `YYYY-MM-DDTHH:MM:SS`. */
  readonly taken?: string | undefined;
  /** Offset of that clock from UTC: `+02:00`. */
  readonly offset?: string | undefined;
  /** Maker and model. */
  readonly camera?: string | undefined;
  readonly colorSpace?: string | undefined;
  /** A blurred image of a few bytes (ThumbHash), base64. */
  readonly thumbhash?: string | undefined;
  readonly gps?: { readonly latitude: number; readonly longitude: number } | undefined;
  /** Whether renditions can be made of it. */
  readonly canRender: boolean;
}

const MAX_PIXELS = 0x7fff_ffff;
const MAX_TEXT = 200;
const FORMAT = /^[a-z0-9-]{1,16}$/;
const TAKEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;
const OFFSET = /^[+-]\d\d:\d\d$/;
const BASE64 = /^[A-Za-z0-9+/]{1,64}={0,2}$/;

/**
 * Facts from a child process, a disk or a server. Invalid members are ignored; without a format, the result is
 * undefined.
 */
export function parseFacts(value: unknown): Facts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = value as Readonly<Record<string, unknown>>;
  const format = matching(FORMAT, found['format']);
  if (format === undefined) return undefined;
  const [width, height] = [pixels(found['width']), pixels(found['height'])];
  const facts = {
    format,
    ...(width !== undefined && height !== undefined && { width, height }),
    pages: pixels(found['pages']),
    taken: matching(TAKEN, found['taken']),
    offset: matching(OFFSET, found['offset']),
    camera: text(found['camera']),
    colorSpace: text(found['colorSpace']),
    thumbhash: matching(BASE64, found['thumbhash']),
    gps: place(found['gps']),
    canRender: found['canRender'] === true,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, one]) => one !== undefined)) as unknown as Facts;
}

function matching(pattern: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && value.isWellFormed()
    ? value
    : undefined;
}

function pixels(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= MAX_PIXELS
    ? (value as number)
    : undefined;
}

function place(value: unknown): Facts['gps'] {
  const { latitude, longitude } = (value ?? {}) as Partial<NonNullable<Facts['gps']>>;
  return isDegrees(latitude, 90) && isDegrees(longitude, 180) ? { latitude, longitude } : undefined;
}

function isDegrees(value: unknown, most: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= most;
}
