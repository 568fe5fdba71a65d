import { createHash } from 'node:crypto';
import type { StoredEntry } from '../../stores';
import { stateKey } from '../table/entry-table';

const BYTES = 16;

/** What all entries of a table amount to, kept up entry by entry. */
export interface TableSummary {
  readonly images: number;
  readonly bytes: number;
  /** XOR of the digests of all names with their versions, in hexadecimal: the same in any order. */
  readonly sum: string;
  /** Numbers that were given to records so far. */
  readonly slots: number;
  /** Entries that are no images, for they can't be read. Not in what earlier versions wrote. */
  readonly unreadable?: number;
}

export const EMPTY_SUMMARY: TableSummary = { images: 0, bytes: 0, sum: '00'.repeat(BYTES), slots: 0 };

/** `summary` with one entry more (`sign` 1) or less (-1). */
export function withEntry(summary: TableSummary, entry: StoredEntry, sign: 1 | -1): TableSummary {
  const { images, bytes, sum, slots, unreadable = 0 } = summary;
  const isImage = entry.unreadable === undefined;
  return {
    images: isImage ? images + sign : images,
    bytes: isImage ? bytes + sign * entry.size : bytes,
    unreadable: isImage ? unreadable : unreadable + sign,
    // XOR adds an entry, and takes it away again.
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
