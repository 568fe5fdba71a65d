import { DEFAULT_PORT, type Protocol } from './settings';

/** A longer command is hard to read in a terminal: more names go through a file. */
const MOST_NAMES = 40;

/** The file of names that a command for many images reads. */
export const NAMES_FILE = 'names.txt';

export function needsNamesFile(names: readonly string[]): boolean {
  return names.length > MOST_NAMES || names.some((name) => name.includes('\n'));
}

/** The command that downloads these images from the server that shows them. */
export function getCommand(names: readonly string[], protocol: Protocol): string {
  const server = serverOption(protocol);
  const command = ['reso', 'get', ...(server === undefined ? [] : ['-s', shellWord(server)])];
  if (needsNamesFile(names)) return [...command, '--files-from', NAMES_FILE].join(' ');
  // After `--`, nothing is an option.
  const end = names.some((name) => name.startsWith('-')) ? ['--'] : [];
  return [...command, ...end, ...names.map(shellWord)].join(' ');
}

/** The value of `-s`; undefined if it is the default. */
function serverOption({ host, port, isSecure }: Protocol): string | undefined {
  const address = port === DEFAULT_PORT ? host : `${host}:${port}`;
  if (isSecure) return `resos://${address}`;
  const isHere = host === '127.0.0.1' || host === 'localhost';
  return isHere && port === DEFAULT_PORT ? undefined : address;
}

/** A word that bash, zsh and fish take as it is. */
const PLAIN = /^[\w./@+:][\w./@%+=:,-]*$/;

/** `text` as one word for a shell, quoted if necessary. */
export function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
