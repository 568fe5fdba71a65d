import { COMMANDS } from './command-table';
import { hintForCommand, hintForOption, isAddress } from './other-programs';

const SPELLINGS = [
  ...[
    '-P',
    '-a',
    '-av',
    '-avz',
    '-r',
    '-z',
    '--progress',
    '-x8',
    '-x',
    '--split=8',
    '-c',
    '--continue',
    '-C',
    '-C-',
  ],
  ...[
    '--parallel',
    '-u',
    '-O',
    '--transfers=8',
    '--checksum',
    '--partial',
    '--delete-after',
    '--limit-rate=1M',
  ],
  ...['--recursive', '-d', '-k', '--port', '--archive', '-Z', '--header', '--user'],
];

test.each(SPELLINGS)('%s is explained', (flag) => expect(hintForOption(flag)).toMatch(/^[A-Z].*\.$/));

test.each(['--dir=x', '-d', '--bind', '--listen', '--tls', '--cert', '--user', '--token'])(
  'serve %s is explained in its own way',
  (flag) => {
    expect(hintForOption(flag, 'serve')).toMatch(/^[A-Z].*\.$/);
    expect(hintForOption(flag, 'serve')).not.toBe(hintForOption(flag, 'get'));
  },
);

test('what is meant for clients is not said to who serves', () =>
  expect(hintForOption('-x8', 'serve')).toBeUndefined());

test.each(['copy', 'cp', 'pull', 'download', 'list', 'mirror', 'check', 'server', 'push', 'rm', 'version'])(
  '%s is explained',
  (name) => expect(hintForCommand(name)).toMatch(/^[A-Z].*\.$/),
);

test('our own commands, and the names that all objects have, are not', () => {
  for (const { name } of COMMANDS) expect(hintForCommand(name)).toBeUndefined();
  expect(hintForCommand('constructor')).toBeUndefined();
  expect(hintForOption('--nonsense')).toBeUndefined();
});

test.each([
  'rsync://host/x',
  'http://host',
  'host:5005',
  '10.0.0.1:5005',
  '[::1]:5005',
  'me@host:x',
  'host::x',
])('%s is an address', (text) => expect(isAddress(text)).toBe(true));

test.each(['photos', './host:5005', 'backup-12:30', 'a:b', '2026-11-27T06:30:00', 'C:\\photos'])(
  '%s is none',
  (text) => expect(isAddress(text)).toBe(false),
);
