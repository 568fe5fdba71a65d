/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import type * as Library from '../index';
import type * as Get from './get';
import type * as GetSession from './get-session';
import type * as GetToStdout from './get-to-stdout';
import type * as Health from './health';
import type * as JsonLog from './json-log';
import type * as Lock from './lock';
import type * as Ls from './ls';
import type * as ProgressDisplay from './progress-display';
import type * as Receipt from './receipt';
import type * as RetryFrom from './retry-from';
import type * as Serve from './serve';
import type * as Sync from './sync';
import type * as Token from './token';
import type * as Verify from './verify';

/** What is loaded only where it is used, so that the program starts quickly. */
export const lazy = {
  library: () => require('../index') as typeof Library,
  serve: () => require('./serve') as typeof Serve,
  get: () => require('./get') as typeof Get,
  getSession: () => require('./get-session') as typeof GetSession,
  getToStdout: () => require('./get-to-stdout') as typeof GetToStdout,
  progressDisplay: () => require('./progress-display') as typeof ProgressDisplay,
  receipt: () => require('./receipt') as typeof Receipt,
  retryFrom: () => require('./retry-from') as typeof RetryFrom,
  sync: () => require('./sync') as typeof Sync,
  token: () => require('./token') as typeof Token,
  verify: () => require('./verify') as typeof Verify,
  jsonLog: () => require('./json-log') as typeof JsonLog,
  lock: () => require('./lock') as typeof Lock,
  ls: () => require('./ls') as typeof Ls,
  health: () => require('./health') as typeof Health,
};
