import type { StoredImage } from '../stores';
import type { OpenImage } from './catalog';

/** Milliseconds behind the last image for which a server still counts as busy: the next request is on its way. */
const AFTERGLOW = 200;
/** Milliseconds after which an image that is still open no longer counts: its reader may have stalled. */
const PATIENCE = 30_000;

/** Whether images are being delivered. */
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
