/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import type * as Dns from 'node:dns';
import type * as DialTls from './dial-tls';
import type * as LockFile from './lock/lock-file';
import type * as SelectLocked from './lock/select-locked';
import type * as Snapshot from './lock/snapshot';
import type * as WithDigests from './lock/with-digests';
import type * as Sync from './sync/sync';
import type * as Verify from './verify/verify';

/** What a download does without, loaded only where it is used: one image should not have to wait for it. */
export const lazy = {
  dns: () => require('node:dns') as typeof Dns,
  dialTls: () => require('./dial-tls') as typeof DialTls,
  lockFile: () => require('./lock/lock-file') as typeof LockFile,
  selectLocked: () => require('./lock/select-locked') as typeof SelectLocked,
  snapshot: () => require('./lock/snapshot') as typeof Snapshot,
  withDigests: () => require('./lock/with-digests') as typeof WithDigests,
  sync: () => require('./sync/sync') as typeof Sync,
  verify: () => require('./verify/verify') as typeof Verify,
};
