import { hasImageExtension } from '../names';
import type { StoredImage, StoredState } from './image-store';
import { beginsLikeImage, SIGNATURE_BYTES } from './signatures';

/** Versions for which the result is remembered. */
const MAX_REMEMBERED = 100_000;

/** Decides whether a file is an image: by its extension, otherwise by its first bytes, which are read once per version. */
export class ImageCheck {
  readonly #also: (name: string) => boolean;
  readonly #remembered = new Map<string, boolean>();

  /** `also` selects files that are served too, whatever they contain. */
  constructor(also: (name: string) => boolean = () => false) {
    this.#also = also;
  }

  /** The answer, if it is known without reading the file. */
  known(name: string, version: string): boolean | undefined {
    return hasImageExtension(name) || this.#also(name) || this.#remembered.get(version);
  }

  /** Reads the file, if the answer is not known. */
  async look(image: StoredImage): Promise<boolean> {
    const head = Buffer.alloc(SIGNATURE_BYTES);
    const length = await image.read(head, 0, head.length, 0);
    return this.lookAt(image, head.subarray(0, length));
  }

  /** The same, given the first bytes. */
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
