/** Browsers cut boxes that are higher than some 16.7 million CSS pixels, at two device pixels to one. */
const HIGHEST_BOX = 8_000_000;

/**
 * Between where a scroll bar stands and what is shown. A grid that is too high for a browser gets a lower box, whose scroll
 * bar stands for the whole: near the place where scrolling began each pixel is still a pixel, so that a wheel moves the
 * images as fast as anywhere.
 */
export class ScrollMap {
  readonly boxHeight: number;
  readonly #ratio: number;
  #offset = 0;
  #last = 0;

  constructor(height: number, screen: number) {
    this.boxHeight = Math.min(height, HIGHEST_BOX);
    const [range, boxRange] = [height - screen, this.boxHeight - screen];
    this.#ratio = height > HIGHEST_BOX && boxRange > 0 ? range / boxRange : 1;
  }

  /** The top of what is shown where the box is scrolled to `scrollTop`. */
  contentTop(scrollTop: number, screen: number): number {
    if (this.#ratio === 1) return scrollTop;
    const step = scrollTop - this.#last;
    this.#last = scrollTop;
    // A jump of the bar goes by its share of the whole; a wheel goes by pixels, and the rest is made up at the ends.
    if (Math.abs(step) > screen || scrollTop <= 0) this.#offset = scrollTop * (this.#ratio - 1);
    const most = this.boxHeight * this.#ratio;
    return Math.max(0, Math.min(most, scrollTop + this.#offset));
  }

  /** Where to scroll the box so that `top` is shown there. */
  scrollTopFor(top: number): number {
    if (this.#ratio === 1) return top;
    const scrollTop = top / this.#ratio;
    this.#offset = top - scrollTop;
    this.#last = scrollTop;
    return scrollTop;
  }
}
