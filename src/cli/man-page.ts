import { COMMANDS, DESCRIPTION, type Command } from './command-table';
import { isPositional, type Option } from './settings/option';
import { variableOf } from './settings/settings';

/** What the exit codes mean, for scripts. */
const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'Done.'],
  [1, 'Unexpected error; for health: the server is not healthy.'],
  [2, 'Wrong use of the command line.'],
  [3, 'Not on the server, or not something it serves.'],
  [4, 'Unreachable, cut off, busy or still changing after all retries: try again.'],
  [5, 'The bytes did not verify, a local copy is missing or damaged, or a locked state differs.'],
  [6, 'Refused: token or certificate.'],
  [7, 'Local disk: full, not writable, or a different file is in the way.'],
  [8, 'Several of these in one run.'],
  [130, 'Interrupted; partial downloads are kept.'],
];

/** The manual page, in roff, made of the same descriptions as help. The build writes it to dist/reso.1. */
export function manPage(version: string): string {
  return [
    `.TH RESO 1 "" "reso ${version}" "User Commands"`,
    '.nh', // the name of a variable must not be hyphenated
    heading('NAME'),
    'reso \\- serve a folder of images and download them, verified',
    heading('SYNOPSIS'),
    ...COMMANDS.flatMap((command, i) => [...(i > 0 ? ['.br'] : []), synopsisOf(command)]),
    heading('DESCRIPTION'),
    text(DESCRIPTION),
    paragraph('Options that all client commands have, such as -s, may also come before the command.'),
    heading('COMMANDS'),
    ...COMMANDS.flatMap(section),
    heading('ENVIRONMENT'),
    text(
      'Every option can be set by the variable that stands with it above. An option overrides its variable; an empty ' +
        'variable counts as not set.',
    ),
    tagged(
      '.B RESO_TOKEN',
      'The token itself, for a client. There is no option for it, because other users can see options.',
    ),
    tagged('.B RESO_PORT', 'For a client that is told no server: the port on 127.0.0.1.'),
    heading('EXIT STATUS'),
    ...EXIT_CODES.map(([code, meaning]) => tagged(`.B ${code}`, meaning)),
    heading('SEE ALSO'),
    '.BR rsync (1),',
    '.BR sha256sum (1)',
    '',
  ].join('\n');
}

function section(command: Command): string[] {
  const { name, help, names, options, examples } = command;
  const all = Object.entries(options).filter(([, { isHidden }]) => !isHidden);
  const [positional, flags] = [true, false].map((is) =>
    all.filter(([, option]) => isPositional(option) === is),
  );
  return [
    `.SS reso ${name}`,
    synopsisOf(command),
    ...help.split('\n').map(paragraph),
    ...positional!.map(entry),
    ...(names ? [tagged(argument(names.flags), capital(names.help))] : []),
    ...grouped(flags!).flatMap(([group, entries]) => [paragraph(group), ...entries.map(entry)]),
    ...examples.flatMap(({ does, line }) => [
      paragraph(`${does}:`),
      '.RS 4',
      '.EX',
      text(line),
      '.EE',
      '.RE',
    ]),
  ];
}

function grouped(
  entries: readonly (readonly [string, Option<unknown>])[],
): [group: string, entries: (readonly [string, Option<unknown>])[]][] {
  const groups = new Map<string, (readonly [string, Option<unknown>])[]>();
  for (const entry of entries) {
    const group = entry[1].group ?? 'Options:';
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups];
}

function synopsisOf({ name, options, names }: Command): string {
  const all = Object.values(options);
  const given = [...all.filter(isPositional), ...(names ? [names] : [])].map(({ flags }) => flags);
  const words = all.length > 0 ? ['[options]', ...given] : given;
  return `.B reso ${name}\n${escaped(words.join(' '))}`;
}

function entry([key, option]: readonly [string, Option<unknown>]): string {
  const tag = isPositional(option) ? argument(option.flags) : `.B ${escaped(option.flags)}`;
  return tagged(tag, `${capital(option.help)} [${variableOf(key)}]`);
}

function argument(flags: string): string {
  return `.I ${escaped(flags)}`;
}

function heading(title: string): string {
  return `.SH ${title}`;
}

function paragraph(content: string): string {
  return `.PP\n${text(content)}`;
}

function tagged(tag: string, content: string): string {
  return `.TP\n${tag}\n${text(content)}`;
}

function capital(content: string): string {
  return content.charAt(0).toUpperCase() + content.slice(1);
}

/** A line that begins with a dot or a quote would be a request. */
function text(content: string): string {
  return escaped(content).replace(/^[.']/gm, '\\&$&');
}

/** A hyphen stays one that can be copied, and so do the quotes and what a shell gives a meaning. */
function escaped(content: string): string {
  return content
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/'/g, '\\(aq')
    .replace(/"/g, '\\(dq')
    .replace(/`/g, '\\(ga')
    .replace(/\^/g, '\\(ha')
    .replace(/~/g, '\\(ti');
}
