import { hasImageExtension } from '../names';
import type { StoredImage, StoredState } from './image-store';
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
    return this.lookAt(image, head.subarray(0, length));
  }

  /** The same, with the first bytes at hand. */
  lookAt({ version }: StoredState, bytes: Buffer): boolean {
    const isImage = beginsLikeImage(bytes.subarray(0, SIGNATURE_BYTES));
    this.#remember(version, isImage);
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
