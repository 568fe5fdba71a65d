import { type OptionTable } from './settings/option';
import {
  COMPLETION_OPTIONS,
  GET_OPTIONS,
  HEALTH_OPTIONS,
  LOCK_OPTIONS,
  LS_OPTIONS,
  SYNC_OPTIONS,
  TOKEN_OPTIONS,
  VERIFY_OPTIONS,
} from './settings/options';
import { SERVE_OPTIONS } from './settings/serve-options';

/** What a command is called with, and what help, the man page and completion say about it. */
export interface Command {
  readonly name: string;
  /** Heading that the general help shows it under. */
  readonly group: string;
  readonly summary: string;
  readonly help: string;
  readonly examples: readonly Example[];
  readonly options: OptionTable;
  /** Positional arguments besides those in `options`. */
  readonly names?: Positional;
}

export interface Example {
  readonly does: string;
  readonly line: string;
}

export interface Positional {
  readonly flags: string;
  readonly help: string;
  /** Whether one may be a URL, which names the server as well. */
  readonly mayBeUrl?: boolean;
  readonly choices?: readonly string[];
}

export const DESCRIPTION =
  'Serve a folder of images over TCP, and download any of them, verified by SHA-256.';

const CLIENT = 'Download:';
const CHECK = 'List and check:';
const SERVER = 'Serve:';
export const OTHER = 'Other:';

const globs: Positional = {
  flags: '[GLOB...]',
  help: "only these: a quoted glob ('**/*.png'), a name, a folder, or a reso:// URL of one",
  mayBeUrl: true,
};

const TABLE = [
  {
    name: 'serve',
    group: SERVER,
    summary: 'serve a folder of images',
    help:
      'Serves the images in a folder over TCP until it receives SIGINT or SIGTERM.\n' +
      'Without arguments, on a terminal, it asks for the port; an empty answer means 5005.',
    examples: [
      { does: 'Serve ./images on port 5005', line: 'reso serve' },
      { does: 'Serve another folder on another port', line: 'reso serve --port 6000 /srv/images' },
      {
        does: 'Serve over TLS, to clients with a token',
        line: 'reso serve --tls-cert cert.pem --tls-key key.pem --token-file tokens',
      },
    ],
    options: SERVE_OPTIONS,
  },
  {
    name: 'get',
    group: CLIENT,
    summary: 'download images by name, folder or glob',
    help:
      'Downloads images, verifies them, and stores them in a folder under their own names. Interrupted downloads resume.\n' +
      'Without arguments, on a terminal, it asks for the address, the port and then one name after another, until an ' +
      'empty line.',
    examples: [
      { does: 'Download one image', line: 'reso get -s server.example img.jpg' },
      { does: 'The same, with the address in a URL', line: 'reso get reso://server.example/img.jpg' },
      { does: 'All JPEG images in cats/, at any depth', line: "reso get -s server.example 'cats/**/*.jpg'" },
      {
        does: 'Everything, to another folder, at most 10 MiB per second',
        line: 'reso get -s server.example --all -o photos --bwlimit 10M',
      },
    ],
    names: {
      flags: '[NAME...]',
      help: "a name, a folder (all in it), a quoted glob ('cats/**'), or a reso:// URL of one",
      mayBeUrl: true,
    },
    options: GET_OPTIONS,
  },
  {
    name: 'sync',
    group: CLIENT,
    summary: 'make a folder match the server',
    help:
      'Makes DIR hold what the server holds: downloads what is missing and replaces what differs. An index in DIR/.reso ' +
      'remembers verified files, so unchanged ones cost nothing. A glob matches the whole name of an image or folder.\n' +
      'With --delete, it deletes files that a sync downloaded and the server no longer has. It names and keeps other ' +
      'files, and deletes nothing if the list is empty or more than half of the files would go (exit 4). With --force ' +
      'as well, it deletes everything that the server does not have, except hidden files.\n' +
      'With --locked, the lock file says what DIR is to hold. An image whose state on the server differs is reported ' +
      '(exit 5), and the local file stays.\n' +
      'With --follow, it stays and brings each change within seconds. While the server is away, it waits. It ends with ' +
      'Ctrl-C or SIGTERM (exit 130).',
    examples: [
      { does: 'Download what is new or changed', line: 'reso sync -s server.example photos' },
      {
        does: 'The same, and everything that changes later',
        line: 'reso sync -s server.example --follow photos',
      },
      {
        does: 'Show what a sync with deletions would do',
        line: 'reso sync -s server.example --delete --dry-run photos',
      },
      {
        does: 'Only the folder cats, without its PNG images',
        line: "reso sync -s server.example --include cats --exclude '**/*.png' photos",
      },
    ],
    options: SYNC_OPTIONS,
  },
  {
    name: 'ls',
    group: CHECK,
    summary: 'list the images on the server',
    help: 'Lists the images on the server, in byte order of their names.',
    examples: [
      { does: 'List everything', line: 'reso ls -s server.example' },
      { does: 'Sizes for people, and the total', line: 'reso ls -lh -s server.example' },
      { does: 'Only PNG images, as JSON', line: "reso ls -s server.example --json '**/*.png'" },
      {
        does: 'Check local copies with standard tools',
        line: 'reso ls -s server.example --format sha256sum | sha256sum -c',
      },
    ],
    names: globs,
    options: LS_OPTIONS,
  },
  {
    name: 'verify',
    group: CHECK,
    summary: 'check local copies against the server',
    help:
      "Compares the images in DIR with the server's SHA-256 digests, or offline with a lock file (--locked). Reports what " +
      'is missing, damaged or extra, and with --verbose also what is ok. Extra images are not a failure. Exits 5 if ' +
      'anything is missing or damaged.',
    examples: [
      { does: 'Check a folder', line: 'reso verify -s server.example photos' },
      { does: 'Repair what is missing or damaged', line: 'reso verify -s server.example --repair photos' },
      {
        does: 'Check against a lock file, without a server',
        line: 'reso verify --locked images.lock photos',
      },
    ],
    names: {
      flags: '[NAME...]',
      help: 'only these, as with --include: a name, a folder, or a quoted glob',
    },
    options: VERIFY_OPTIONS,
  },
  {
    name: 'lock',
    group: CHECK,
    summary: 'print a lock file of what the server has',
    help:
      'Prints a lock file: name, size and SHA-256 of each image, one per line, in byte order of the names. Keep it with ' +
      'what uses the images, and give it to get, sync or verify with --locked.',
    examples: [
      { does: 'Record the state of all images', line: 'reso lock -s server.example > images.lock' },
      { does: 'Only the folder cats', line: 'reso lock -s server.example cats > cats.lock' },
      {
        does: 'Download exactly that state later',
        line: 'reso get -s server.example --locked images.lock -o photos',
      },
    ],
    names: globs,
    options: LOCK_OPTIONS,
  },
  {
    name: 'health',
    group: SERVER,
    summary: 'exit 0 if the server is healthy, otherwise 1',
    help:
      'Asks the server for one protocol round trip. It also fails if the served folder is missing.\n' +
      'Without --server it asks the server that the variables of serve describe (RESO_PORT, RESO_TLS_CERT, ' +
      'RESO_TOKEN_FILE, ...), as in its container.',
    examples: [
      { does: 'Check the server in this container', line: 'reso health' },
      { does: 'Check another server', line: 'reso health -s server.example:6000' },
      { does: 'In a script', line: 'reso health -q -s server.example --timeout 10s || echo down' },
    ],
    options: HEALTH_OPTIONS,
  },
  {
    name: 'token',
    group: SERVER,
    summary: 'make an access token',
    help:
      "Prints a new token. With NAME, it prints a line for the server's token file. To let a token read only some images " +
      'or folders, add them to the end of its line.',
    examples: [
      { does: 'Give the client lab1 access', line: 'reso token new lab1 >> tokens' },
      { does: 'Print only a token', line: 'reso token new' },
      { does: 'Use a token file on the server', line: 'reso serve --token-file tokens /srv/images' },
    ],
    names: { flags: '<ACTION...>', help: "'new', or 'new NAME'", choices: ['new'] },
    options: TOKEN_OPTIONS,
  },
  {
    name: 'completion',
    group: OTHER,
    summary: 'print completion for bash, zsh or fish',
    help:
      'Prints a script that lets your shell complete commands and options. It completes names of images as well if ' +
      '--server or RESO_SERVER names a server.',
    examples: [
      { does: 'bash, in ~/.bashrc', line: 'eval "$(reso completion bash)"' },
      { does: 'zsh, in ~/.zshrc, after compinit', line: 'eval "$(reso completion zsh)"' },
      { does: 'fish', line: 'reso completion fish > ~/.config/fish/completions/reso.fish' },
    ],
    names: { flags: '<SHELL...>', help: 'bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] },
    options: COMPLETION_OPTIONS,
  },
] as const satisfies readonly Command[];

export type CommandTable = typeof TABLE;
export type CommandName = CommandTable[number]['name'];

export const COMMANDS: readonly (Command & { readonly name: CommandName })[] = TABLE;

export function commandNamed(name: string | undefined): (typeof COMMANDS)[number] | undefined {
  return COMMANDS.find((command) => command.name === name);
}
