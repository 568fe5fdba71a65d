import { createHash } from 'node:crypto';
import type { StoredEntry } from '../../stores';
import { stateKey } from '../table/entry-table';

const BYTES = 16;

/** Totals over all entries of a table, updated entry by entry. */
export interface TableSummary {
  readonly images: number;
  readonly bytes: number;
  /** XOR of the digests of all names with their versions, in hexadecimal: the same in any order. */
  readonly sum: string;
  /** Record numbers given out so far. */
  readonly slots: number;
  /** Entries that can't be read and don't count as images. Missing in summaries of earlier versions. */
  readonly unreadable?: number;
}

export const EMPTY_SUMMARY: TableSummary = { images: 0, bytes: 0, sum: '00'.repeat(BYTES), slots: 0 };

/** `summary` with one entry added (`sign` 1) or removed (-1). */
export function withEntry(summary: TableSummary, entry: StoredEntry, sign: 1 | -1): TableSummary {
  const { images, bytes, sum, slots, unreadable = 0 } = summary;
  const isImage = entry.unreadable === undefined;
  return {
    images: isImage ? images + sign : images,
    bytes: isImage ? bytes + sign * entry.size : bytes,
    unreadable: isImage ? unreadable : unreadable + sign,
    // XOR both adds and removes an entry.
    sum: exclusiveOr(Buffer.from(sum, 'hex'), stateDigest(entry)).toString('hex'),
    slots,
  };
}

function stateDigest(entry: StoredEntry): Buffer {
  return createHash('sha256').update(stateKey(entry)).digest().subarray(0, BYTES);
}

function exclusiveOr(a: Buffer, b: Buffer): Buffer {
  for (let i = 0; i < BYTES; i++) a[i]! ^= b[i]!;
  return a;
}
