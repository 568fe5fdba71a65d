/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import type * as Dns from 'node:dns';
import type * as DialTls from './net/dial-tls';
import type * as LockFile from './plan/lock-file';
import type * as SelectLocked from './plan/select-locked';
import type * as Snapshot from './commands/lock/snapshot';
import type * as WithDigests from './commands/lock/with-digests';
import type * as Sync from './commands/sync/sync';
import type * as Verify from './commands/verify/verify';

/** What a download does without, loaded only where it is used: one image should not have to wait for it. */
export const lazy = {
  dns: () => require('node:dns') as typeof Dns,
  dialTls: () => require('./net/dial-tls') as typeof DialTls,
  lockFile: () => require('./plan/lock-file') as typeof LockFile,
  selectLocked: () => require('./plan/select-locked') as typeof SelectLocked,
  snapshot: () => require('./commands/lock/snapshot') as typeof Snapshot,
  withDigests: () => require('./commands/lock/with-digests') as typeof WithDigests,
  sync: () => require('./commands/sync/sync') as typeof Sync,
  verify: () => require('./commands/verify/verify') as typeof Verify,
};
