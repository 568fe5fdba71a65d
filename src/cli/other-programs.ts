/** What users of rsync, rclone, aria2, wget and curl type, and a sentence that says how it is done here. */

const SERVE = 'To serve a folder, use serve; others then download from it.';

const COMMANDS: Readonly<Record<string, string>> = {
  ...all('To download images, use get; to keep a folder up to date, use sync.', [
    ...['copy', 'copyto', 'cp', 'pull', 'download', 'fetch', 'clone', 'wget', 'curl'],
  ]),
  ...all('To make a folder match the server, use sync, with --delete if extra files are to go.', [
    ...['mirror', 'rsync', 'bisync', 'update'],
  ]),
  ...all('To list images, use ls; with sizes, ls -l or ls -lh.', [
    ...['list', 'lsl', 'lsf', 'lsd', 'lsjson', 'dir', 'tree', 'size', 'find', 'search'],
  ]),
  ...all('To check local copies, use verify; to list digests, use ls --format sha256sum.', [
    ...['check', 'checksum', 'cryptcheck', 'hashsum', 'md5sum', 'sha1sum', 'sha256sum'],
  ]),
  ...all(SERVE, ['server', 'start', 'run', 'daemon', 'listen', 'host', 'push', 'put', 'upload', 'send']),
  ...all('Clients only read: change the files in the served folder instead.', [
    ...['rm', 'delete', 'deletefile', 'purge', 'mv', 'move', 'moveto', 'rename', 'mkdir', 'touch'],
  ]),
  ...all("To write an image to stdout, use 'get -o - NAME'.", ['cat', 'show', 'print']),
  ...all('To ask whether a server answers, use health.', ['ping', 'status']),
  ...all("To print the version, use 'reso --version'.", ['version']),
};

interface OptionHint {
  readonly flag: RegExp;
  readonly sentence: string;
}

/** The first that matches counts. `-av` and the like are one flag here. */
const OPTIONS: readonly OptionHint[] = [
  {
    flag: /^-[a-zA-Z]*a[a-zA-Z]*$|^--(archive|times|perms|links|owner|group)$/,
    sentence: 'Leave it out: sync always includes subfolders and keeps modification times.',
  },
  {
    flag: /^--progress$|^-P/,
    sentence: 'Leave it out: a terminal shows progress anyway, and interrupted downloads resume.',
  },
  {
    flag: /^(-c|-C.*|--continue|--continue-at|--partial|--partial-dir|--append|--append-verify|--inplace|--checksum)$/,
    sentence: 'Leave it out: interrupted downloads resume anyway, and every image is verified by SHA-256.',
  },
  {
    flag: /^(-x\d*|--split|--max-connection-per-server|--transfers|--checkers|--parallel|--parallel-max|-Z)$/,
    sentence: 'For more connections in parallel, use -j N.',
  },
  {
    flag: /^(-u|--update|-N|--timestamping|-nc|--no-clobber|--ignore-existing|--size-only)$/,
    sentence:
      'Leave it out: identical files are never downloaded again, and get replaces others only with --overwrite.',
  },
  {
    flag: /^(-[rR][a-z]*|--recursive|-m|--mirror)$/,
    sentence: 'Leave it out: the name of a folder means all images in it, and --all means everything.',
  },
  {
    flag: /^(-z[a-z]*|--compress|--compressed)$/,
    sentence: 'Leave it out: images are compressed already, so reso does not compress them again.',
  },
  {
    flag: /^(-O|--remote-name|--remote-name-all|--output-document)$/,
    sentence: 'Images keep their names: use -o DIR to choose the folder, or -o - to write to stdout.',
  },
  {
    flag: /^(-d|--dir|--output-dir|--directory-prefix|--dest)$/,
    sentence: 'To choose the folder, use -o DIR with get, or sync DIR.',
  },
  {
    flag: /^(--limit-rate|--max-download-limit|--max-overall-download-limit)$/,
    sentence: 'To limit the speed, use --bwlimit RATE, such as --bwlimit 10M.',
  },
  {
    flag: /^(--retry|--tries|--max-tries|-t)$/,
    sentence: 'To set the number of attempts after a failure, use --retries N.',
  },
  {
    flag: /^(--contimeout|--connect-timeout|--max-time)$/,
    sentence: 'To give up sooner on a silent connection, use --timeout TIME, such as --timeout 10s.',
  },
  {
    flag: /^(-k|--cacert|--ca-certificate|--capath|--no-check-certificate)$/,
    sentence: "The server's certificate is always checked: use --ca FILE to trust your own authority.",
  },
  {
    flag: /^(--user|--password|--token|-H|--header)$/,
    sentence: 'Give your token in a file, with --token-file FILE, or in the variable RESO_TOKEN.',
  },
  { flag: /^(--host|--address)$/, sentence: 'To name the server, use -s HOST[:PORT].' },
  { flag: /^(-p|--port)$/, sentence: 'The port follows the host: -s HOST:PORT.' },
  {
    flag: /^--include$/,
    sentence: "Give what you want as names, globs included: '*.png', or '**/*.png' for subfolders too.",
  },
  { flag: /^--input-file$/, sentence: 'To read names from a file, use --files-from FILE.' },
  {
    flag: /^--(del|delete-(after|before|during|excluded))$/,
    sentence: 'To delete what the server no longer has, use sync --delete.',
  },
  { flag: /^(--stats|--silent)$/, sentence: 'To see more, use -v; to see only errors, -q.' },
];

/** What users of other servers type. */
const SERVE_OPTIONS: readonly OptionHint[] = [
  {
    flag: /^(-d|--dir|--directory|--root|--path)$/,
    sentence: 'The folder comes without an option: serve DIR.',
  },
  {
    flag: /^(-b|--bind|--address|--addr|--listen)$/,
    sentence: 'To choose the address, use --host and --port.',
  },
  {
    flag: /^(--tls|--ssl|--https|--cert|--key)$/,
    sentence: 'For TLS, use --tls-cert FILE and --tls-key FILE.',
  },
  {
    flag: /^(--user|--password|--auth|--token)$/,
    sentence: 'To let in only those with a token, use --token-file FILE.',
  },
];

function all(sentence: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, sentence]));
}

export function hintForCommand(name: string): string | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
}

/** `command`: the one that does not know the option. */
export function hintForOption(flag: string, command?: string): string | undefined {
  const [name = ''] = flag.split('=', 1);
  const options = command === 'serve' ? SERVE_OPTIONS : OPTIONS;
  return options.find((hint) => hint.flag.test(name))?.sentence;
}

/** `SCHEME://`, `USER@HOST:`, `HOST::MODULE`, `HOST:PORT`; not `backup-12:30`, a good name for a folder. */
const ADDRESS =
  /^(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:|[\w.-]+::[\w.-]|(?:\[[0-9a-f:.]+\]|[\w.-]+):\d{4,5}(?:\/|$))/i;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** For an address where a command takes a folder of this machine, and for more arguments than it takes. */
export function hintForArguments(
  command: string,
  [first = '', second]: readonly string[],
): string | undefined {
  if (command === 'serve')
    return 'It takes one folder; choose the address to listen on with --host and --port.';
  if (command === 'health') return 'Name the server with --server: reso health -s HOST[:PORT]';
  if (command !== 'sync' && command !== 'verify') return undefined;
  if (command === 'sync' && second?.includes(':') && !isAddress(first))
    return `sync only downloads; to let other machines download from a folder, serve it: reso serve ${first}`;
  const server = /^[\w.-]+:\d+$/.test(first) ? first : 'HOST[:PORT]';
  return `Name the server with --server: reso ${command} -s ${server} ${second ?? 'DIR'}`;
}
