import { bytesFrom, httpUrl, integerFrom, nonEmpty, oneOf, secondsFrom, truth, type Parser } from './parse';
import { parseServers, type ServerAddress } from './server-address';

/** One thing that can be set on the command line (`flags`; `[NAME]` is a positional argument) or by a variable. */
export interface Option<T> {
  readonly flags: string;
  readonly help: string;
  readonly parse: Parser<T>;
  readonly fallback: T;
  readonly isSwitch: boolean;
  /** May be given more than once: its value is all that was given. */
  readonly isRepeatable?: boolean;
  /** Heading that help shows it under. */
  readonly group?: string;
  /** Accepted, so that a script can give it to any command, but of no use here: help leaves it out. */
  readonly isHidden?: boolean;
  /** The only values there are. */
  readonly choices?: readonly string[];
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;
export type Values<Table extends OptionTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Option<infer T> ? T : never;
};

export function isPositional({ flags }: Pick<Option<unknown>, 'flags'>): boolean {
  return flags.startsWith('[');
}

/** What a person calls an option: its long flag, or the name of a positional argument. */
export function nameOf({ flags }: Pick<Option<unknown>, 'flags'>): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags.replace(/[[\]]/g, '');
}

function value<T>(flags: string, help: string, parse: Parser<T>): Option<T | undefined>;
function value<T>(flags: string, help: string, parse: Parser<T>, fallback: T): Option<T>;
function value<T>(flags: string, help: string, parse: Parser<T>, fallback?: T): Option<T | undefined> {
  const text = fallback === undefined ? help : `${help} (default: ${String(fallback)})`;
  return { flags, help: text, parse, fallback, isSwitch: false };
}

function flag(flags: string, help: string): Option<boolean> {
  return { flags, help, parse: truth, fallback: false, isSwitch: true };
}

function seconds(
  flags: string,
  help: string,
  [low, high]: readonly [number, number],
  fallback: number,
): Option<number> {
  const text = `${help} (default: ${fallback}s)`;
  return { flags, help: text, parse: secondsFrom(low, high), fallback, isSwitch: false };
}

function choice<const T extends string, const F extends T | undefined>(
  flags: string,
  help: string,
  choices: readonly T[],
  fallback: F,
): Option<T | F> {
  return { flags, help, parse: oneOf(...choices), fallback, isSwitch: false, choices };
}

/** A variable holds one. */
function repeatable(flags: string, help: string): Option<readonly string[]> {
  const parse = (text: string) => [nonEmpty(text)];
  const text = `${help}; may be repeated`;
  return { flags, help: text, parse, fallback: [], isSwitch: false, isRepeatable: true };
}

function grouped<Table extends OptionTable>(group: string, table: Table): Table {
  const entries = Object.entries(table).map(([key, option]) => [key, { ...option, group }]);
  return Object.fromEntries(entries) as Table;
}

function hidden<T>(option: Option<T>): Option<T> {
  return { ...option, isHidden: true };
}

const interactive = flag('-i, --interactive', 'ask for what is not given, even without a terminal');

const server: Option<readonly ServerAddress[]> = {
  flags: '-s, --server <HOST[:PORT]>',
  help:
    'the server; also reso://HOST[:PORT], or resos:// for TLS (default: 127.0.0.1:5005); may be repeated, ' +
    'or a list with commas, for several with the same images: if one fails, the others take over',
  parse: parseServers,
  fallback: [],
  isSwitch: false,
  isRepeatable: true,
};

const A_DAY = 86_400;

const security = grouped('Security:', {
  ca: value(
    '--ca <FILE>',
    "with resos://: trust these certificate authorities (PEM) instead of the system's",
    nonEmpty,
  ),
  cert: value(
    '--cert <FILE>',
    'with resos://: your certificate (PEM), for a server that asks for one',
    nonEmpty,
  ),
  key: value('--key <FILE>', 'private key (PEM) of --cert', nonEmpty),
  tokenFile: value(
    '--token-file <FILE>',
    'file with your token, for a server that asks for one; or set RESO_TOKEN',
    nonEmpty,
  ),
  insecure: flag('--insecure', 'send the token to other machines over plain TCP too'),
});

const speed = {
  connections: value('-j, --connections <N>', 'parallel connections, 1 to 64', integerFrom(1, 64), 4),
  bwlimit: value(
    '--bwlimit <RATE>',
    'limit in bytes per second for all connections together: 10M or 10MiB (times 1024), 10MB (times 1000)',
    bytesFrom(1024),
  ),
};

const patience = {
  timeout: seconds(
    '--timeout <TIME>',
    'give up a connection after this long without a byte: 30, 30s, 2m',
    [1, A_DAY],
    30,
  ),
  retries: value(
    '--retries <N>',
    'attempts after a failure; the count resets after progress',
    integerFrom(0, 1000),
    5,
  ),
};

const output = {
  quiet: flag('-q, --quiet', 'print only errors'),
  verbose: flag('-v, --verbose', 'print more on stderr'),
  json: flag('--json', 'print one JSON object per line'),
  noProgress: flag('--no-progress', 'show no progress on the terminal'),
};

const SPEED = 'Speed and retries:';
const OUTPUT = 'Output:';

const download = { ...grouped(SPEED, { ...speed, ...patience }), ...security };

/** For a command that asks for little: it takes the options of a download as well, and ignores them. */
const look = {
  ...grouped(SPEED, { connections: hidden(speed.connections), bwlimit: hidden(speed.bwlimit), ...patience }),
  ...security,
};

const silentOutput = { ...output, noProgress: hidden(output.noProgress) };

/** What every command of a client takes: these may also stand before the command. */
export const CLIENT_OPTIONS = { ...grouped('Where:', { server }), ...download, ...grouped(OUTPUT, output) };

export const SERVE_OPTIONS = {
  folder: value('[FOLDER]', 'the folder of images, or s3://BUCKET/PREFIX', nonEmpty, './images'),
  ...grouped('What to serve:', {
    also: repeatable('--also <GLOB>', "also serve files with these names, whatever they hold: '**/*.xyz'"),
    lock: value(
      '--lock <FILE>',
      "take digests from this lock file instead of reading every image for them (see 'reso lock')",
      nonEmpty,
    ),
    s3Endpoint: value(
      '--s3-endpoint <URL>',
      "with s3://: the store's address, if it is not Amazon's (MinIO, Ceph, ...)",
      httpUrl,
    ),
    s3VirtualHost: flag(
      '--s3-virtual-host',
      'with --s3-endpoint: put the bucket into the host name, not into the path',
    ),
  }),
  ...grouped('Where:', {
    host: value('--host <ADDRESS>', 'address to listen on', nonEmpty, '0.0.0.0'),
    port: value(
      '-p, --port <PORT>',
      'port to listen on; 0 picks a free one (default: 5005)',
      integerFrom(0, 65_535),
    ),
    state: value(
      '--state <DIR>',
      "where to keep digests between runs (default: one folder per served folder, in the user's cache)",
      nonEmpty,
    ),
    interactive,
  }),
  ...grouped('Gallery:', {
    httpPort: value(
      '--http-port <PORT>',
      'port for the gallery and HTTP; 0 picks a free one (default: 8080, or none if that is taken)',
      integerFrom(0, 65_535),
    ),
    noHttp: flag('--no-http', 'no gallery and no HTTP'),
    baseUrl: value(
      '--base-url <URL>',
      'address under which people reach the gallery, if it is behind a proxy',
      httpUrl,
    ),
    allowHost: repeatable('--allow-host <NAME>', 'also answer requests for this host name'),
    cors: value('--cors <ORIGIN>', "let pages of this origin read images; '*' for any", nonEmpty),
    trustProxy: repeatable(
      '--trust-proxy <ADDRESS>',
      'believe X-Forwarded-For and X-Forwarded-Proto from this address or network',
    ),
    cache: value(
      '--cache <DIR>',
      "where to keep thumbnails (default: a folder in the user's cache)",
      nonEmpty,
    ),
    cacheSize: value(
      '--cache-size <SIZE>',
      'size of the thumbnail cache (default: 2G)',
      bytesFrom(1_048_576),
    ),
    noRender: flag('--no-render', 'no thumbnails, and no facts about images (format, dimensions, ...)'),
    gps: flag('--gps', 'show where images were taken, if their metadata says so'),
  }),
  ...grouped('Security:', {
    tlsCert: value(
      '--tls-cert <FILE>',
      'accept only TLS, with this certificate and its intermediates (PEM)',
      nonEmpty,
    ),
    tlsKey: value('--tls-key <FILE>', 'private key (PEM) of --tls-cert', nonEmpty),
    clientCa: value(
      '--client-ca <FILE>',
      'accept only clients with a certificate from these authorities (PEM)',
      nonEmpty,
    ),
    tokenFile: value(
      '--token-file <FILE>',
      'accept only clients with one of these tokens, one per line: NAME TOKEN [PREFIX...]',
      nonEmpty,
    ),
    insecure: flag('--insecure', 'accept tokens from other machines over plain TCP too'),
  }),
  ...grouped('Limits:', {
    maxConnections: value('--max-connections <N>', 'connections at once', integerFrom(1, 1_000_000), 16_384),
    maxConnectionsPerAddress: value(
      '--max-connections-per-address <N>',
      'connections at once from one address; 0 for no limit',
      integerFrom(0, 1_000_000),
      0,
    ),
    maxOutstanding: value(
      '--max-outstanding <N>',
      'outstanding requests per connection',
      integerFrom(16, 4096),
      256,
    ),
    maxPage: value('--max-page <N>', 'images per page of a list', integerFrom(1, 1000), 1000),
    helloTimeout: seconds('--hello-timeout <TIME>', 'time for a client to introduce itself', [1, 3600], 9),
    frameTimeout: seconds('--frame-timeout <TIME>', 'time for a message to arrive in full', [1, 3600], 30),
    idleTimeout: seconds(
      '--idle-timeout <TIME>',
      'time without a request before a connection is closed',
      [1, A_DAY],
      120,
    ),
    stallTimeout: seconds(
      '--stall-timeout <TIME>',
      'time without reading before a connection is closed',
      [1, A_DAY],
      120,
    ),
    drain: seconds(
      '--drain <TIME>',
      'time at shutdown in which /readyz gives 503 and everything is still served',
      [0, 3600],
      0,
    ),
    grace: seconds('--grace <TIME>', 'time for running downloads to finish at shutdown', [0, 3600], 10),
  }),
  ...grouped('Log:', {
    logLevel: choice(
      '--log-level <LEVEL>',
      'debug, info (each request), warn, error or silent (default: info)',
      ['debug', 'info', 'warn', 'error', 'silent'],
      'info',
    ),
    logFormat: choice(
      '--log-format <FORMAT>',
      'json or pretty (default: pretty on a terminal, otherwise json)',
      ['json', 'pretty'],
      undefined,
    ),
    verbose: flag('-v, --verbose', 'same as --log-level debug'),
  }),
};

const locked = value(
  '--locked <FILE>',
  "only what this lock file names, in exactly that state; - for stdin (see 'reso lock')",
  nonEmpty,
);

const durable = flag(
  '--durable',
  'count an image as done only once it survives a power failure; slower for small images',
);

const dryRun = flag('-n, --dry-run', 'say what would be done, and write nothing');

const report = value(
  '--report <FILE>',
  'write the result of each image to FILE as JSON, even after a failure',
  nonEmpty,
);

export const GET_OPTIONS = {
  ...grouped('What to download:', {
    all: flag('--all', 'download everything'),
    filesFrom: value('--files-from <FILE>', 'read names from FILE, one per line; - for stdin', nonEmpty),
    null: flag('-0, --null', 'names in --files-from end in NUL instead of a newline'),
    exclude: repeatable('--exclude <GLOB>', 'skip these images or folders'),
    locked,
    retryFrom: value('--retry-from <FILE>', 'retry what failed, from an earlier --report', nonEmpty),
    interactive,
  }),
  ...grouped('Where:', {
    server,
    output: value(
      '-o, --output <DIR>',
      'folder to put the images in, under their own names; - for stdout',
      nonEmpty,
      '.',
    ),
    overwrite: flag('--overwrite', "replace local files that differ from the server's"),
    dryRun,
    durable,
  }),
  ...download,
  ...grouped(OUTPUT, { report, ...output }),
};

export const LS_OPTIONS = {
  ...grouped('Where:', { server }),
  ...look,
  ...grouped(OUTPUT, {
    long: flag('-l, --long', 'also sizes in bytes, times, and behind the name format, pixels and date taken'),
    human: flag('-h, --human', 'as --long, with sizes such as 1.5 MiB, and a total on stderr'),
    null: flag('-0, --null', 'end names in NUL instead of a newline'),
    format: choice(
      '--format <FORMAT>',
      'names, or sha256sum for lines that sha256sum -c can check (default: names)',
      ['names', 'sha256sum'],
      'names',
    ),
    ...silentOutput,
  }),
};

export const LOCK_OPTIONS = {
  ...grouped('Where:', { server }),
  ...look,
  ...grouped(OUTPUT, { ...silentOutput, json: hidden(output.json) }),
};

export const VERIFY_OPTIONS = {
  dir: value('[DIR]', 'the folder with the local copies', nonEmpty, '.'),
  ...grouped('What to check:', {
    include: repeatable('--include <GLOB>', 'only these images or folders'),
    exclude: repeatable('--exclude <GLOB>', 'skip these images or folders'),
    locked,
    repair: flag('--repair', 'download what is missing, and the damaged parts of what is damaged'),
    durable,
  }),
  ...grouped('Where:', { server }),
  ...download,
  ...grouped(OUTPUT, output),
};

export const SYNC_OPTIONS = {
  dir: value('[DIR]', 'the folder to bring up to date', nonEmpty, '.'),
  ...grouped('What to sync:', {
    include: repeatable('--include <GLOB>', 'only these images or folders'),
    exclude: repeatable('--exclude <GLOB>', 'skip these images or folders, and never delete them'),
    locked,
    delete: flag('--delete', 'delete unchanged files that a sync downloaded and the server no longer has'),
    force: flag('--force', 'with --delete: other files too, and however many'),
    follow: flag('--follow', 'stay, and bring changes as they happen, until interrupted'),
    dryRun,
    durable,
  }),
  ...grouped('Where:', { server }),
  ...download,
  ...grouped(OUTPUT, { report, ...output }),
};

export const HEALTH_OPTIONS = {
  ...grouped('Where:', {
    server,
    timeout: seconds('--timeout <TIME>', 'time to wait for the answer', [1, A_DAY], 3),
  }),
  ...security,
  ...grouped(OUTPUT, { quiet: output.quiet }),
};

export const TOKEN_OPTIONS = {};
export const COMPLETION_OPTIONS = {};

export type ServeSettings = Values<typeof SERVE_OPTIONS>;
export type GetSettings = Values<typeof GET_OPTIONS>;
export type LsSettings = Values<typeof LS_OPTIONS>;
export type VerifySettings = Values<typeof VERIFY_OPTIONS>;
export type LockSettings = Values<typeof LOCK_OPTIONS>;
export type SyncSettings = Values<typeof SYNC_OPTIONS>;
export type HealthSettings = Values<typeof HEALTH_OPTIONS>;
