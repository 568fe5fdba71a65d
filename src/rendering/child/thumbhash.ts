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

/** Only every second pixel of every second row is read: a ThumbHash keeps so few frequencies that the rest changes nothing visible. */
const STEP = 2;

/** Averages each box of pixels. Transparent pixels contribute no color. Plain loops: this runs for each thumbnail. */
function shrink(pixels: Pixels, width: number, height: number): Uint8Array {
  const { data, channels } = pixels;
  const result = new Uint8Array(width * height * 4);
  const second = channels > 2 ? 1 : 0;
  const alphaAt = channels % 2 === 0 ? channels - 1 : undefined;
  for (let y = 0, to = 0; y < height; y++) {
    const top = Math.floor((y * pixels.height) / height);
    const bottom = Math.floor(((y + 1) * pixels.height) / height);
    for (let x = 0; x < width; x++, to += 4) {
      const left = Math.floor((x * pixels.width) / width);
      const right = Math.floor(((x + 1) * pixels.width) / width);
      let red = 0;
      let green = 0;
      let blue = 0;
      let weight = 0;
      let counted = 0;
      for (let row = top; row < bottom; row += STEP) {
        const end = (row * pixels.width + right) * channels;
        for (let at = (row * pixels.width + left) * channels; at < end; at += STEP * channels) {
          const alpha = alphaAt === undefined ? 255 : data[at + alphaAt]!;
          red += data[at]! * alpha;
          green += data[at + second]! * alpha;
          blue += data[at + 2 * second]! * alpha;
          weight += alpha;
          counted++;
        }
      }
      if (weight === 0) continue;
      result[to] = red / weight;
      result[to + 1] = green / weight;
      result[to + 2] = blue / weight;
      result[to + 3] = weight / counted;
    }
  }
  return result;
}
