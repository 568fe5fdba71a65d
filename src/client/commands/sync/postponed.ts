import { ResoError, type ErrorCode } from '../../../errors';
import type { ImageEntry } from '../../../protocol';
import type { SyncResult } from './options';

/** An image that was listed, but has changed or gone since. */
const OVERTAKEN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['CHANGED', 'NOT_FOUND']);

/** What a sync leaves to the one after it: an image that is still being written should not hold up the others. */
export class Postponed {
  #hasAny = false;
  #refusal: ResoError | undefined;

  get hasAny(): boolean {
    return this.#hasAny;
  }

  /** Why nothing was deleted. */
  get refusal(): ResoError | undefined {
    return this.#refusal;
  }

  /** Whether this image is left for later. */
  leaves({ unsettled }: ImageEntry): boolean {
    this.#hasAny ||= unsettled === true;
    return unsettled === true;
  }

  /** Whether this result says only that the list was out of date. */
  takes({ outcome, code }: SyncResult): boolean {
    const isOvertaken = outcome === 'failed' && code !== undefined && OVERTAKEN.has(code);
    this.#hasAny ||= isOvertaken;
    return isOvertaken;
  }

  /** Whether `error` is a refusal to delete. If the lists merely kept changing, the next sync deletes. */
  refuses(error: unknown): boolean {
    if (!(error instanceof ResoError)) return false;
    if (error.code === 'CHANGED') this.#hasAny = true;
    else if (error.code === 'TOO_MANY_GONE') this.#refusal = error;
    else return false;
    return true;
  }
}
