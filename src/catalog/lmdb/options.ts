import type { TransactionFlags } from 'lmdb';

/**
 * How every process opens the file. Without `overlappingSync` nothing is written outside of transactions, in which a
 * process has the file for itself.
 */
export const OPTIONS = {
  noSubdir: true,
  /** More than anybody serves from one state folder. */
  maxDbs: 64,
  overlappingSync: false,
} as const;

/** Flag of lmdb-js: the transaction is on the disk before the call returns. */
export const COMMIT_NOW = 2 as TransactionFlags;
