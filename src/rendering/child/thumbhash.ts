import { rgbaToThumbHash } from 'thumbhash';

/** A ThumbHash keeps seven frequencies per side: more pixels would only take more time. */
const MOST_A_SIDE = 32;

export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
  /** Channels: gray or RGB, with or without alpha. */
  readonly channels: number;
}

export function thumbhashOf(pixels: Pixels): string {
  const scale = Math.min(1, MOST_A_SIDE / Math.max(pixels.width, pixels.height));
  const width = Math.max(1, Math.round(pixels.width * scale));
  const height = Math.max(1, Math.round(pixels.height * scale));
  return Buffer.from(rgbaToThumbHash(width, height, shrink(pixels, width, height))).toString('base64');
}

/** Averages each box of pixels. Transparent pixels contribute no color. */
function shrink(pixels: Pixels, width: number, height: number): Uint8Array {
  const result = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const rows = [
      Math.floor((y * pixels.height) / height),
      Math.floor(((y + 1) * pixels.height) / height),
    ] as const;
    for (let x = 0; x < width; x++) {
      const columns = [
        Math.floor((x * pixels.width) / width),
        Math.floor(((x + 1) * pixels.width) / width),
      ] as const;
      result.set(meanOf(pixels, rows, columns), (y * width + x) * 4);
    }
  }
  return result;
}

type Span = readonly [from: number, to: number];

function meanOf({ data, width, channels }: Pixels, [top, bottom]: Span, [left, right]: Span): number[] {
  const hasAlpha = channels % 2 === 0;
  const second = channels > 2 ? 1 : 0;
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * channels; at < (y * width + right) * channels; at += channels) {
      const alpha = hasAlpha ? data[at + channels - 1]! : 255;
      red += data[at]! * alpha;
      green += data[at + second]! * alpha;
      blue += data[at + 2 * second]! * alpha;
      weight += alpha;
    }
  }
  if (weight === 0) return [0, 0, 0, 0];
  return [red / weight, green / weight, blue / weight, weight / ((bottom - top) * (right - left))];
}
