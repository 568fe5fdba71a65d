import type * as LockFile from './plan/lock-file';
import type { Lock } from './plan/lock-format';

export type * from './client';
export { connect } from './connect';
export type { LockOptions } from './commands/lock/snapshot';
export type { ListWithDigestsOptions, ProvenEntry } from './commands/lock/with-digests';
export type * from './commands/sync/options';
export type * from './commands/verify/options';
export type { ConnectOptions, Retry, TlsOptions } from './net/settings';
export type { Range } from './net/read';
export type { Lock, LockEntry } from './plan/lock-format';
export type { ExactName, Names } from './plan/patterns';
export type { ScopeOptions } from './plan/scope';
export type { ListOptions } from './plan/select';
export * from './progress';
export type * from './result';
export type { DownloadOptions } from './transfer/options';

/**
 * The lock file at `path`, checked from its first line to its last. It is read again whenever its entries are asked
 * for. Throws USAGE, naming the line, for what is none.
 */
export function openLock(path: string): Promise<Lock> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most programs read no lock file
  return (require('./plan/lock-file') as typeof LockFile).openLock(path);
}
