import type * as Get from './commands/get';
import type * as Health from './commands/health';
import type { CommandRun } from './commands/invocation';
import type * as Lock from './commands/lock';
import type * as Ls from './commands/ls';
import type * as Serve from './commands/serve';
import type * as Sync from './commands/sync';
import type * as Token from './commands/token';
import type * as Verify from './commands/verify';
import {
  GET_OPTIONS,
  HEALTH_OPTIONS,
  LOCK_OPTIONS,
  LS_OPTIONS,
  SERVE_OPTIONS,
  SYNC_OPTIONS,
  TOKEN_OPTIONS,
  VERIFY_OPTIONS,
  type OptionTable,
  type Values,
} from './settings/options';

/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */

export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
  readonly options: OptionTable;
  /** Positional arguments that are no option, as help shows them. */
  readonly names?: { readonly flags: string; readonly help: string };
  /** Loads the command's code: the program starts quickly because it loads that of one command only. */
  load(): CommandRun<never>;
}

function command<Table extends OptionTable>(
  definition: Omit<Command, 'load'> & { options: Table; load(): CommandRun<Values<Table>> },
): Command {
  return definition;
}

export const COMMANDS: readonly Command[] = [
  command({
    name: 'serve',
    summary: 'serve a folder of images',
    help:
      'Serves the images of a folder over TCP until SIGINT or SIGTERM.\n' +
      'Called without arguments on a terminal it asks for the port; an empty answer takes 5005.',
    options: SERVE_OPTIONS,
    load: () => (require('./commands/serve') as typeof Serve).run,
  }),
  command({
    name: 'get',
    summary: 'download images by name or quoted glob',
    help:
      'Downloads images, verifies them, and puts them under their names into a folder.\n' +
      'Called without arguments on a terminal it asks for the address (an empty answer takes 127.0.0.1), ' +
      'the port (empty: 5005), and then for one name after the other until an empty line.',
    names: {
      flags: '[NAME...]',
      help: "a name, the name of a folder (all in it), or a glob in quotes: 'cats/**'",
    },
    options: GET_OPTIONS,
    load: () => (require('./commands/get') as typeof Get).run,
  }),
  command({
    name: 'ls',
    summary: 'list what the server has',
    help: 'Lists the images of a server, in byte order of their names.',
    names: { flags: '[GLOB...]', help: "only these: a glob in quotes ('**/*.png'), a name, or a folder" },
    options: LS_OPTIONS,
    load: () => (require('./commands/ls') as typeof Ls).run,
  }),
  command({
    name: 'sync',
    summary: 'make a folder hold what the server holds',
    help:
      'Makes DIR hold what the server holds: downloads what is missing, and replaces what differs. An index in ' +
      "DIR/.reso vouches for files that nobody touched; they cost nothing. Globs match whole names, or a folder's.\n" +
      'With --delete, what a sync brought and the server no longer has goes, too. Other files are named and kept, and ' +
      'an empty list or more than half of the files refused (exit 4), unless --force is given: then all goes that the ' +
      'server does not have, hidden files aside.\n' +
      'With --locked the lock file says what DIR is to hold, and what --delete leaves; what the server has in another ' +
      'state is named (exit 5), and the local file stays.',
    options: SYNC_OPTIONS,
    load: () => (require('./commands/sync') as typeof Sync).run,
  }),
  command({
    name: 'verify',
    summary: 'prove the local copies',
    help:
      "Holds the images in DIR against the server's digests, or with --locked against a lock file, offline; with NAME " +
      "or --include only those. Says what is missing, damaged, or extra (a file with an image's extension; no failure), and with --verbose what is ok; " +
      '--json says all. Exits 5 if anything is missing or damaged.',
    names: {
      flags: '[NAME...]',
      help: 'only these, as with --include: a name, the name of a folder, or a glob in quotes',
    },
    options: VERIFY_OPTIONS,
    load: () => (require('./commands/verify') as typeof Verify).run,
  }),
  command({
    name: 'lock',
    summary: 'print a snapshot of what the server has',
    help:
      'Prints a lock file to stdout: name, size and SHA-256 of each image, one a line, in byte order of the names. ' +
      'Keep it with what uses the images: get, sync and verify take it with --locked.',
    names: { flags: '[GLOB...]', help: "only these: a glob in quotes ('**/*.png'), a name, or a folder" },
    options: LOCK_OPTIONS,
    load: () => (require('./commands/lock') as typeof Lock).run,
  }),
  command({
    name: 'health',
    summary: 'exit 0 if the server answers and its folder is there, else 1',
    help:
      'Asks the server for one round trip of the protocol; it fails, too, where the served folder is not there. Where --server does not name one, it is the server that the ' +
      'variables of serve describe (RESO_PORT, RESO_TLS_CERT, RESO_TOKEN_FILE, …), as in its container.',
    options: HEALTH_OPTIONS,
    load: () => (require('./commands/health') as typeof Health).run,
  }),
  command({
    name: 'token',
    summary: 'make a token: reso token new',
    help:
      "Prints a new token to stdout. With a name behind 'new' it is a line for the token file of serve; images and " +
      'folders that it may read can be added behind it.',
    names: { flags: '<ACTION...>', help: "'new', or 'new NAME'" },
    options: TOKEN_OPTIONS,
    load: () => (require('./commands/token') as typeof Token).run,
  }),
];
