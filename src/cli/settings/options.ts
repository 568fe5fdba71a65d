import {
  A_DAY,
  choice,
  flag,
  grouped,
  hidden,
  repeatable,
  seconds,
  value,
  interactive,
  type Option,
  type Values,
} from './option';
import { bytesFrom, integerFrom, nonEmpty } from './parse';
import { parseServers, type ServerAddress } from './server-address';

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

export type GetSettings = Values<typeof GET_OPTIONS>;
export type LsSettings = Values<typeof LS_OPTIONS>;
export type VerifySettings = Values<typeof VERIFY_OPTIONS>;
export type LockSettings = Values<typeof LOCK_OPTIONS>;
export type SyncSettings = Values<typeof SYNC_OPTIONS>;
export type HealthSettings = Values<typeof HEALTH_OPTIONS>;
