import { hasImageExtension } from '../names';
import type { StoredImage } from './image-store';
import { beginsLikeImage, SIGNATURE_BYTES } from './signatures';

/** Versions of which it is remembered whether they are images. */
const MAX_REMEMBERED = 100_000;

/** Tells images from other files: by extension, else by the first bytes, at which it looks once per version. */
export class ImageCheck {
  readonly #also: (name: string) => boolean;
  readonly #remembered = new Map<string, boolean>();

  /** `also` tells what is served besides, whatever is in it. */
  constructor(also: (name: string) => boolean = () => false) {
    this.#also = also;
  }

  /** What is known without looking into the file. */
  known(name: string, version: string): boolean | undefined {
    return hasImageExtension(name) || this.#also(name) || this.#remembered.get(version);
  }

  /** For what is not known. */
  async look(image: StoredImage): Promise<boolean> {
    const head = Buffer.alloc(SIGNATURE_BYTES);
    const length = await image.read(head, 0, head.length, 0);
    const isImage = beginsLikeImage(head.subarray(0, length));
    this.#remember(image.version, isImage);
    return isImage;
  }

  #remember(version: string, isImage: boolean): void {
    if (this.#remembered.size >= MAX_REMEMBERED) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest!);
    }
    this.#remembered.set(version, isImage);
  }
}
