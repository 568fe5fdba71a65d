import { closeSync, constants, openSync, writevSync } from 'node:fs';
import { release } from '../../../connection';
import type { Flight } from '../../net/link';
import type { Job } from '../../net/pool';
import { isTransient } from '../../net/retry';
import { ByteNews } from './byte-news';
import type { StripeOrder, Tell } from './order';

const PART = constants.O_WRONLY | constants.O_NOFOLLOW;

/** Downloads a range of a large image and writes it at its offset. The caller verifies the whole. */
export class StripeJob implements Job {
  readonly #order: StripeOrder;
  readonly #news: ByteNews;
  #written = 0;

  constructor(order: StripeOrder, tell: Tell) {
    this.#order = order;
    this.#news = new ByteNews(order.id, tell);
  }

  get expected(): number {
    return this.#order.expected;
  }

  async run(flight: Flight): Promise<void> {
    let fd: number | undefined;
    let isLost = false;
    try {
      fd = openSync(this.#order.part, PART);
      await this.#receive(flight, fd);
    } catch (error) {
      isLost = isTransient(error);
    } finally {
      if (fd !== undefined) closeSync(fd);
      // The number of bytes tells how much of it arrived.
      this.#news.end(isLost ? [] : [undefined]);
    }
  }

  fail(): void {
    this.#news.end([]);
  }

  async #receive(flight: Flight, fd: number): Promise<void> {
    const { name, version, sha256, offset, length } = this.#order;
    const request = { name, version, offset, length, sha256 };
    const { ended, cancel } = flight.channel.get(request, {
      begin: (delivery) => flight.expect(delivery.length),
      data: (bytes) => {
        flight.arrived(bytes.length);
        if (this.#write(fd, bytes)) this.#news.arrived(bytes.length);
        else cancel();
        release(bytes);
      },
    });
    await ended;
  }

  /** Writes after the previous bytes; returns whether the disk took them. */
  #write(fd: number, bytes: Buffer): boolean {
    try {
      const written = writevSync(fd, [bytes], this.#order.offset + this.#written);
      this.#written += written;
      return written === bytes.length;
    } catch {
      return false;
    }
  }
}
