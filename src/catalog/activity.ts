import type { StoredImage } from '../stores';
import type { OpenImage } from './catalog';

/**
 * A server counts as busy for this many milliseconds after the last image or page of a list: the next request may be on
 * its way.
 */
const AFTERGLOW = 200;
/** After this many milliseconds without a read, an open image no longer counts: its reader may have stalled. */
const PATIENCE = 30_000;

/** Whether images, or long lists, are being delivered. */
export class Activity {
  readonly #now: () => number;
  #open = 0;
  #last = -Infinity;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isBusy(): boolean {
    return this.#now() - this.#last < (this.#open > 0 ? PATIENCE : AFTERGLOW);
  }

  begin(): void {
    this.#open++;
    this.#last = this.#now();
  }

  goOn(): void {
    this.#last = this.#now();
  }

  end(): void {
    this.#open--;
    this.#last = this.#now();
  }
}

/** An open image that notifies `Activity` when it is read. */
export class ActiveImage implements OpenImage {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  readonly path: string | undefined;
  sha256: string | undefined;
  readonly #image: StoredImage;
  readonly #activity: Activity;

  constructor(name: string, image: StoredImage, sha256: string | undefined, activity: Activity) {
    this.name = name;
    this.size = image.size;
    this.mtime = image.mtime;
    this.version = image.version;
    this.path = image.path;
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
