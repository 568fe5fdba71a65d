import { bytesFrom, integerFrom, nonEmpty, oneOf, truth, type Parser } from './parse';
import { parseServer } from './server-address';

/** One thing that can be set on the command line (`flags`; `[NAME]` is a positional argument) or by a variable. */
export interface Option<T> {
  readonly flags: string;
  readonly help: string;
  readonly parse: Parser<T>;
  readonly fallback: T;
  readonly isSwitch: boolean;
  /** May be given more than once: its value is all that was given. */
  readonly isRepeatable?: boolean;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type Values<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Option<infer T> ? T : never;
};

function value<T>(flags: string, help: string, parse: Parser<T>): Option<T | undefined>;
function value<T>(flags: string, help: string, parse: Parser<T>, fallback: T): Option<T>;
function value<T>(flags: string, help: string, parse: Parser<T>, fallback?: T): Option<T | undefined> {
  const text = fallback === undefined ? help : `${help} (default: ${String(fallback)})`;
  return { flags, help: text, parse, fallback, isSwitch: false };
}

function flag(flags: string, help: string): Option<boolean> {
  return { flags, help, parse: truth, fallback: false, isSwitch: true };
}

/** A variable holds one. */
function repeatable(flags: string, help: string): Option<readonly string[]> {
  const parse = (text: string) => [nonEmpty(text)];
  return {
    flags,
    help: `${help}; may be repeated`,
    parse,
    fallback: [],
    isSwitch: false,
    isRepeatable: true,
  };
}

const interactive = flag('-i, --interactive', 'ask for what is not given, also where there is no terminal');

const server = value(
  '-s, --server <HOST[:PORT]>',
  'the server, also as reso://HOST[:PORT], or resos:// for TLS (default: 127.0.0.1:5005)',
  parseServer,
);

const patience = integerFrom(1, 86_400);

/** What proves who is who. */
const credentials = {
  ca: value(
    '--ca <FILE>',
    'with resos://: trust these authorities (PEM) instead of those of the system',
    nonEmpty,
  ),
  cert: value(
    '--cert <FILE>',
    'with resos://: the own certificate (PEM), where the server asks for one',
    nonEmpty,
  ),
  key: value('--key <FILE>', 'the key (PEM) of --cert', nonEmpty),
  tokenFile: value(
    '--token-file <FILE>',
    'file with the token that the server asks for, else RESO_TOKEN holds it',
    nonEmpty,
  ),
  insecure: flag('--insecure', 'send the token over plain TCP to other machines as well'),
};

const shared = {
  server,
  ...credentials,
  connections: value('-j, --connections <N>', 'connections to download with, 1 to 64', integerFrom(1, 64), 4),
  timeout: value('--timeout <S>', 'seconds without a byte before a connection is given up', patience, 30),
  retries: value(
    '--retries <N>',
    'tries after a failure, counted anew after progress',
    integerFrom(0, 1000),
    5,
  ),
  bwlimit: value(
    '--bwlimit <RATE>',
    'bytes a second that may come, all connections together, also as 500K or 10M (times 1024)',
    bytesFrom(1024),
  ),
  quiet: flag('-q, --quiet', 'print nothing but errors'),
  verbose: flag('-v, --verbose', 'say more on stderr'),
  json: flag('--json', 'print one JSON object a line'),
  noProgress: flag('--no-progress', 'show no progress on the terminal'),
};

export const SERVE_OPTIONS = {
  folder: value('[FOLDER]', 'the folder of images', nonEmpty, './images'),
  host: value('--host <ADDRESS>', 'address to listen on', nonEmpty, '0.0.0.0'),
  port: value(
    '-p, --port <PORT>',
    'port to listen on, 0 for any that is free (default: 5005)',
    integerFrom(0, 65_535),
  ),
  also: repeatable('--also <GLOB>', "serve files of these names as well, whatever they hold: '**/*.xyz'"),
  state: value(
    '--state <DIR>',
    "where to keep what is known about the images (default: one for each folder in the user's cache folder)",
    nonEmpty,
  ),
  tlsCert: value(
    '--tls-cert <FILE>',
    'speak TLS only, with this certificate and those it needs (PEM)',
    nonEmpty,
  ),
  tlsKey: value('--tls-key <FILE>', 'the key (PEM) of --tls-cert', nonEmpty),
  clientCa: value(
    '--client-ca <FILE>',
    'let in only clients with a certificate of these authorities (PEM)',
    nonEmpty,
  ),
  tokenFile: value(
    '--token-file <FILE>',
    'let in only clients with one of these tokens, one a line: NAME TOKEN [PREFIX...]',
    nonEmpty,
  ),
  insecure: flag('--insecure', 'take tokens over plain TCP from other machines as well'),
  maxConnections: value('--max-connections <N>', 'connections at once', integerFrom(1, 1_000_000), 16_384),
  maxConnectionsPerAddress: value(
    '--max-connections-per-address <N>',
    'connections at once from one address, 0 for no limit',
    integerFrom(0, 1_000_000),
    0,
  ),
  maxOutstanding: value(
    '--max-outstanding <N>',
    'requests outstanding on a connection',
    integerFrom(16, 4096),
    256,
  ),
  maxPage: value('--max-page <N>', 'images on a page of a list', integerFrom(1, 1000), 1000),
  helloTimeout: value(
    '--hello-timeout <S>',
    'seconds for a client to say who it is',
    integerFrom(1, 3600),
    9,
  ),
  frameTimeout: value(
    '--frame-timeout <S>',
    'seconds for a message to come in whole',
    integerFrom(1, 3600),
    30,
  ),
  idleTimeout: value('--idle-timeout <S>', 'seconds without a request', integerFrom(1, 86_400), 120),
  stallTimeout: value(
    '--stall-timeout <S>',
    'seconds for which a client may take no byte of what is ready for it',
    integerFrom(1, 86_400),
    120,
  ),
  grace: value(
    '--grace <S>',
    'seconds for deliveries under way when the server is stopped',
    integerFrom(0, 3600),
    10,
  ),
  logLevel: value(
    '--log-level <LEVEL>',
    'what to log: debug, info (each request), warn, error or silent',
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'info',
  ),
  logFormat: value(
    '--log-format <FORMAT>',
    'json or pretty (default: pretty on a terminal, else json)',
    oneOf('json', 'pretty'),
  ),
  verbose: flag('-v, --verbose', 'the same as --log-level debug'),
  interactive,
};

const locked = value(
  '--locked <FILE>',
  "the state that a lock file names, see 'reso lock'; - for stdin",
  nonEmpty,
);

const dryRun = flag('-n, --dry-run', 'say what would be done, and write nothing');

const durable = flag(
  '--durable',
  'call an image done only when it would outlast a power loss: slower, most of all for small images',
);

const report = value(
  '--report <FILE>',
  'write what became of each image to a file, as JSON, also after a failure',
  nonEmpty,
);

export const GET_OPTIONS = {
  output: value(
    '-o, --output <DIR>',
    'folder to put the images in, each under its own name; - for stdout',
    nonEmpty,
    '.',
  ),
  overwrite: flag('--overwrite', "replace files that differ from the server's"),
  durable,
  all: flag('--all', 'download everything'),
  exclude: repeatable('--exclude <GLOB>', 'none of these images, and nothing in these folders'),
  dryRun,
  filesFrom: value('--files-from <FILE>', 'read names from a file, one a line, - for stdin', nonEmpty),
  null: flag('-0, --null', 'names in --files-from end in NUL, not in a line end'),
  locked,
  report,
  retryFrom: value('--retry-from <FILE>', 'take up what failed, by the report of an earlier run', nonEmpty),
  interactive,
  ...shared,
};

export const LS_OPTIONS = {
  long: flag('-l, --long', 'sizes in bytes and times, too'),
  null: flag('-0, --null', 'end each name in NUL, not in a line end'),
  format: value(
    '--format <FORMAT>',
    'names, or sha256sum: lines that sha256sum -c checks',
    oneOf('names', 'sha256sum'),
    'names',
  ),
  ...shared,
};

export const LOCK_OPTIONS = shared;

export const VERIFY_OPTIONS = {
  dir: value('[DIR]', 'the folder with the local copies', nonEmpty, '.'),
  include: repeatable('--include <GLOB>', 'only these images, or all in these folders'),
  exclude: repeatable('--exclude <GLOB>', 'none of these'),
  locked,
  repair: flag(
    '--repair',
    'fetch what is missing, and of what is damaged the blocks that differ (all, where less than half is there)',
  ),
  durable,
  ...shared,
};

export const SYNC_OPTIONS = {
  dir: value('[DIR]', 'the folder to make like the server', nonEmpty, '.'),
  delete: flag('--delete', 'delete what a sync brought, nobody changed, and the server no longer has'),
  force: flag('--force', 'with --delete: also other files, and however many'),
  dryRun,
  include: repeatable('--include <GLOB>', 'only these images, or all in these folders'),
  exclude: repeatable('--exclude <GLOB>', 'none of these; they are not deleted either'),
  durable,
  locked,
  report,
  ...shared,
};

export const HEALTH_OPTIONS = {
  server,
  ...credentials,
  timeout: value('--timeout <S>', 'seconds to wait for the answer', patience, 3),
  quiet: shared.quiet,
};

export const TOKEN_OPTIONS = {};

export type ServeSettings = Values<typeof SERVE_OPTIONS>;
export type GetSettings = Values<typeof GET_OPTIONS>;
export type LsSettings = Values<typeof LS_OPTIONS>;
export type VerifySettings = Values<typeof VERIFY_OPTIONS>;
export type LockSettings = Values<typeof LOCK_OPTIONS>;
export type SyncSettings = Values<typeof SYNC_OPTIONS>;
export type HealthSettings = Values<typeof HEALTH_OPTIONS>;
