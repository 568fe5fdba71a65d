import type { StoredImage } from '../stores';
import type { Activity } from './activity';
import type { OpenImage } from './catalog';

/** An open image that lets others know that somebody is served. */
export class ActiveImage implements OpenImage {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  sha256: string | undefined;
  readonly #image: StoredImage;
  readonly #activity: Activity;

  constructor(name: string, image: StoredImage, sha256: string | undefined, activity: Activity) {
    this.name = name;
    this.size = image.size;
    this.mtime = image.mtime;
    this.version = image.version;
    this.sha256 = sha256;
    this.#image = image;
    this.#activity = activity;
    activity.begin();
  }

  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number> {
    this.#activity.goOn();
    return this.#image.read(target, offset, length, position);
  }

  isUnchanged(): boolean | Promise<boolean> {
    return this.#image.isUnchanged();
  }

  close(): Promise<void> {
    this.#activity.end();
    return this.#image.close();
  }
}
