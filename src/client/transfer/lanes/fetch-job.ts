import { hash } from 'node:crypto';
import { sep } from 'node:path';
import { writeNewFileHere } from '../../../files';
import type { PackedImage, WantedImage } from '../../../protocol';
import type { Flight } from '../../net/link';
import type { FetchSink } from '../../net/pack-reader';
import type { Job } from '../../net/pool';
import type { LaneOptions, FetchOrder, Placed, Tell } from './order';
import { placeImage } from './place-image';

/** Limits of one report: many images, or whatever arrived within a few milliseconds. */
const TOLD_AT_ONCE = 64;
const TOLD_AFTER = 50;

/** Fetches small images together, and verifies, writes and renames each as its last byte arrives. */
export class FetchJob implements Job, FetchSink {
  readonly #order: FetchOrder;
  readonly #options: LaneOptions;
  readonly #newKey: () => string;
  readonly #tell: Tell;
  #flight: Flight | undefined;
  #untold: (Placed | undefined)[] = [];
  #toldAt = performance.now();

  /** `newKey` returns 32 digits for a unique part name. */
  constructor(order: FetchOrder, options: LaneOptions, newKey: () => string, tell: Tell) {
    this.#order = order;
    this.#options = options;
    this.#newKey = newKey;
    this.#tell = tell;
  }

  get expected(): number {
    return this.#order.expected;
  }

  async run(flight: Flight): Promise<void> {
    this.#flight = flight;
    const { names, sha256s } = this.#order;
    const images = names.map((name, i): WantedImage => (sha256s ? { name, sha256: sha256s[i] } : { name }));
    const hello = await flight.channel.greeted();
    if (hello?.limits.pack !== undefined) await flight.channel.fetch({ images }, this).catch(() => undefined);
    this.#say(true);
  }

  fail(): void {
    this.#say(true);
  }

  arrived(bytes: number): void {
    this.#flight!.arrived(bytes);
  }

  image(_: number, image: PackedImage, bytes: Buffer): void {
    this.#untold.push(this.#place(image, bytes));
    const isDue = this.#untold.length >= TOLD_AT_ONCE || performance.now() - this.#toldAt >= TOLD_AFTER;
    if (isDue) this.#say(false);
  }

  refused(): void {
    this.#untold.push(undefined);
  }

  /** Undefined if it can't be done in one go: wrong bytes, a full disk, a name that is taken. */
  #place(image: PackedImage, bytes: Buffer): Placed | undefined {
    const { prefix, keepsOthers } = this.#options;
    const { work, owner } = this.#order;
    const { name, size, mtime, sha256 } = image;
    if (hash('sha256', bytes, 'hex') !== sha256) return undefined;
    const part = `${work}${sep}${this.#newKey()}.${owner}.part`;
    try {
      const isWritten = writeNewFileHere(part, { buffers: [bytes], length: size, mtime, durable: false });
      return isWritten ? placeImage(image, { part, target: prefix + name, keepsOthers }) : undefined;
    } catch {
      return undefined;
    }
  }

  #say(isLast: boolean): void {
    this.#tell({ id: this.#order.id, outcomes: this.#untold, bytes: 0, isLast });
    this.#untold = [];
    this.#toldAt = performance.now();
  }
}
