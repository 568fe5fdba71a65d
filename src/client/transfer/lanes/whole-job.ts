import { createHash } from 'node:crypto';
import { closeSync, constants, futimesSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { release } from '../../../connection';
import { NEW_FILE, timeForNode, writeHere } from '../../../files';
import type { Delivery } from '../../../protocol';
import { askProof } from '../../net/ask';
import { WORTH_KEEPING } from '../../disk/partial';
import { formatNote } from '../../disk/partial-note';
import type { Flight } from '../../net/link';
import type { Job, Pool } from '../../net/pool';
import { isTransient } from '../../net/retry';
import { ByteNews } from './byte-news';
import type { LaneOptions, Placed, Tell, WholeOrder } from './order';
import { placeImage } from './place-image';

const NEW_PART = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

/**
 * Downloads one image in one piece, writing and hashing it as it arrives. If it is cut off, the received bytes stay as a
 * part with a note, as after a killed run.
 */
export class WholeJob implements Job {
  readonly #order: WholeOrder;
  readonly #options: LaneOptions;
  readonly #pool: Pool;
  readonly #news: ByteNews;
  readonly #hash = createHash('sha256');
  #fd: number | undefined;
  #written = 0;
  #delivery: Delivery | undefined;

  constructor(order: WholeOrder, options: LaneOptions, pool: Pool, tell: Tell) {
    this.#order = order;
    this.#options = options;
    this.#pool = pool;
    this.#news = new ByteNews(order.id, tell);
  }

  get expected(): number {
    return this.#order.expected;
  }

  async run(flight: Flight): Promise<void> {
    let placed: Placed | undefined;
    let isWorthKeeping = true;
    let isLost = false;
    try {
      const told = await this.#receive(flight);
      isWorthKeeping = false;
      placed = this.#place(told);
    } catch (error) {
      // The regular path finds out and reports the reason.
      isLost = isTransient(error) && !this.#delivery;
    } finally {
      this.#leave(placed === undefined, isWorthKeeping);
    }
    this.#news.end(isLost ? [] : [placed]);
  }

  fail(): void {
    this.#news.end([]);
  }

  /** Resolves to the SHA-256 that it should have, when all its bytes are written. */
  async #receive(flight: Flight): Promise<string> {
    const { name, sha256 } = this.#order;
    const { ended, cancel } = flight.channel.get(sha256 === undefined ? { name } : { name, sha256 }, {
      begin: (delivery) => {
        flight.expect(delivery.length);
        this.#begin(delivery);
      },
      data: (bytes) => {
        flight.arrived(bytes.length);
        this.#news.arrived(bytes.length);
        if (!this.#write(bytes)) cancel();
        release(bytes);
      },
    });
    const end = await ended;
    const { version, sha256: told } = this.#delivery!;
    const home = { at: flight.channel.address };
    return sha256 ?? end.sha256 ?? told ?? (await askProof(this.#pool, { name, version }, home)).sha256;
  }

  #begin(delivery: Delivery): void {
    this.#delivery = delivery;
    const { name, server, part, note } = this.#order;
    const { size, mtime, version, sha256 } = delivery;
    try {
      if (size >= WORTH_KEEPING)
        writeFileSync(note, formatNote({ name, server, size, mtime, version, sha256 }));
      this.#fd = openSync(part, NEW_PART, NEW_FILE);
    } catch {
      // The first bytes will show it.
    }
  }

  /** Returns whether the disk took them. */
  #write(bytes: Buffer): boolean {
    if (this.#fd === undefined) return false;
    this.#hash.update(bytes);
    try {
      const written = writeHere(this.#fd, [bytes]);
      this.#written += written;
      return written === bytes.length;
    } catch {
      return false;
    }
  }

  #place(told: string): Placed | undefined {
    const { name, part } = this.#order;
    const { prefix, keepsOthers } = this.#options;
    const delivery = this.#delivery!;
    // An empty image has no bytes that would have shown it.
    const fd = this.#fd;
    if (fd === undefined || this.#written !== delivery.size || this.#hash.digest('hex') !== told)
      return undefined;
    const time = timeForNode(delivery.mtime);
    futimesSync(fd, time, time);
    this.#close();
    return placeImage({ ...delivery, sha256: told }, { part, target: prefix + name, keepsOthers });
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #leave(hasPart: boolean, isWorthKeeping: boolean): void {
    const { part, note } = this.#order;
    quietly(() => this.#close());
    const isKept = isWorthKeeping && this.#written >= WORTH_KEEPING;
    if (hasPart && !isKept) quietly(() => unlinkSync(part));
    if (!isKept && (this.#delivery?.size ?? 0) >= WORTH_KEEPING) quietly(() => unlinkSync(note));
  }
}

function quietly(call: () => void): void {
  try {
    call();
  } catch {
    // It does not exist, or no longer matters.
  }
}
