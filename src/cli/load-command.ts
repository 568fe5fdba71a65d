import type { CommandName, CommandTable } from './command-table';
import type * as Get from './commands/get';
import type * as Health from './commands/health';
import type { CommandRun } from './commands/invocation';
import type * as Lock from './commands/lock';
import type * as Ls from './commands/ls';
import type * as Serve from './commands/serve';
import type * as Sync from './commands/sync';
import type * as Token from './commands/token';
import type * as Verify from './commands/verify';
import type * as Completion from './completion/print-script';
import type { Values } from './settings/option';

/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */

type SettingsOf<Name extends CommandName> = Values<
  Extract<CommandTable[number], { readonly name: Name }>['options']
>;

/** Loads the code of one command: the program starts quickly because it loads that of no other. */
export const LOAD: { readonly [Name in CommandName]: () => CommandRun<SettingsOf<Name>> } = {
  serve: () => (require('./commands/serve') as typeof Serve).run,
  get: () => (require('./commands/get') as typeof Get).run,
  ls: () => (require('./commands/ls') as typeof Ls).run,
  sync: () => (require('./commands/sync') as typeof Sync).run,
  verify: () => (require('./commands/verify') as typeof Verify).run,
  lock: () => (require('./commands/lock') as typeof Lock).run,
  health: () => (require('./commands/health') as typeof Health).run,
  token: () => (require('./commands/token') as typeof Token).run,
  completion: () => (require('./completion/print-script') as typeof Completion).run,
};
