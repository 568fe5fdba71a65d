/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import type * as Library from '../index';
import type * as Get from './commands/get';
import type * as GetSession from './commands/get-session';
import type * as GetToStdout from './commands/get-to-stdout';
import type * as Health from './commands/health';
import type * as JsonLog from './log/json-log';
import type * as Lock from './commands/lock';
import type * as Ls from './commands/ls';
import type * as ProgressDisplay from './terminal/progress-display';
import type * as Receipt from './results/report-file';
import type * as RetryFrom from './results/retry-from';
import type * as Serve from './commands/serve';
import type * as Sync from './commands/sync';
import type * as Token from './commands/token';
import type * as Verify from './commands/verify';

/** What is loaded only where it is used, so that the program starts quickly. */
export const lazy = {
  library: () => require('../index') as typeof Library,
  serve: () => require('./commands/serve') as typeof Serve,
  get: () => require('./commands/get') as typeof Get,
  getSession: () => require('./commands/get-session') as typeof GetSession,
  getToStdout: () => require('./commands/get-to-stdout') as typeof GetToStdout,
  progressDisplay: () => require('./terminal/progress-display') as typeof ProgressDisplay,
  receipt: () => require('./results/report-file') as typeof Receipt,
  retryFrom: () => require('./results/retry-from') as typeof RetryFrom,
  sync: () => require('./commands/sync') as typeof Sync,
  token: () => require('./commands/token') as typeof Token,
  verify: () => require('./commands/verify') as typeof Verify,
  jsonLog: () => require('./log/json-log') as typeof JsonLog,
  lock: () => require('./commands/lock') as typeof Lock,
  ls: () => require('./commands/ls') as typeof Ls,
  health: () => require('./commands/health') as typeof Health,
};
