import type * as LockFiles from '../lock';

export type { Lock, LockEntry } from '../lock';
export type * from './client';
export { connect } from './connect';
export type { LockOptions } from './commands/lock/snapshot';
export type { ListWithDigestsOptions, ProvenEntry } from './commands/lock/with-digests';
export type * from './commands/sync/options';
export type * from './commands/verify/options';
export type { ConnectOptions, Retry, TlsOptions } from './net/settings';
export type { Range } from './net/read';
export type { ExactName, Names } from './plan/patterns';
export type { ScopeOptions } from './plan/scope';
export type { ListOptions } from './plan/select';
export * from './progress';
export type * from './result';
export type { DownloadOptions } from './transfer/options';

/**
 * The lock file at the path, or in the stream, `from`, validated from its first line to its last. A file is read again
 * whenever its entries are iterated; a stream is read once and kept in memory. Throws USAGE, naming the line, if it is not
 * valid.
 */
export function openLock(from: string | AsyncIterable<Uint8Array | string>): Promise<LockFiles.Lock> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most programs read no lock file
  return (require('../lock') as typeof LockFiles).openLock(from);
}
