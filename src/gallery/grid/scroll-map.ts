/** Browsers cut off elements taller than about 16.7 million CSS pixels, at two device pixels per CSS pixel. */
const HIGHEST_BOX = 8_000_000;
/** Pixels at both ends in which one pixel of the box is one of its content. */
const END = 200_000;

/**
 * Maps where a scroll bar stands to what is shown. Content that is too high for a browser gets a lower box. A wheel or a
 * finger still moves it by pixels, a jump of the scroll bar by its share of the whole. What the two differ by is made up by
 * `settle`, when nothing moves. At both ends they don't differ, so that each image can be reached.
 */
export class ScrollMap {
  readonly boxHeight: number;
  readonly #screen: number;
  /** How far the box and its content can be scrolled. */
  readonly #boxRange: number;
  readonly #range: number;
  readonly #end: number;
  #scrollTop = 0;
  #top = 0;

  constructor(height: number, screen: number, highestBox = HIGHEST_BOX) {
    this.boxHeight = Math.min(height, highestBox);
    this.#screen = screen;
    this.#boxRange = Math.max(0, this.boxHeight - screen);
    this.#range = Math.max(0, height - screen);
    this.#end = Math.min(END, this.#boxRange / 4);
  }

  /** Whether a pixel of the box is a pixel of the content everywhere. */
  get isExact(): boolean {
    return this.#range === this.#boxRange;
  }

  /** The top of what is shown once the box has been scrolled to `scrollTop`. */
  contentTop(scrollTop: number): number {
    if (this.isExact) return scrollTop;
    const step = scrollTop - this.#scrollTop;
    const isAtEnd = scrollTop <= 0 || scrollTop >= this.#boxRange;
    const isJump = Math.abs(step) > this.#screen || isAtEnd;
    this.#top = isJump ? this.#topAt(scrollTop) : Math.min(this.#range, Math.max(0, this.#top + step));
    this.#scrollTop = scrollTop;
    return this.#top;
  }

  /** Where to scroll the box so that `top` is shown. */
  scrollTopFor(top: number): number {
    if (this.isExact) return top;
    this.#top = Math.min(this.#range, Math.max(0, top));
    this.#scrollTop = this.#scrollTopAt(this.#top);
    return this.#scrollTop;
  }

  /** Where to scroll the box, without moving its content, so that the scroll bar says where that is. */
  settle(): number {
    return this.scrollTopFor(this.#top);
  }

  #topAt(scrollTop: number): number {
    if (scrollTop < this.#end) return Math.max(0, scrollTop);
    const left = this.#boxRange - scrollTop;
    if (left < this.#end) return this.#range - Math.max(0, left);
    return this.#end + (scrollTop - this.#end) * this.#ratio;
  }

  #scrollTopAt(top: number): number {
    if (top < this.#end) return top;
    const left = this.#range - top;
    if (left < this.#end) return this.#boxRange - left;
    // Browsers keep whole device pixels only.
    return Math.round(this.#end + (top - this.#end) / this.#ratio);
  }

  get #ratio(): number {
    return (this.#range - 2 * this.#end) / (this.#boxRange - 2 * this.#end);
  }
}
